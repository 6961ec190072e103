import { expect, test } from "vitest";
import { tagsSetBy } from "../../journal/entry-names.ts";
import { orders } from "../testing/executions.ts";
import { createScriptedJournal } from "../testing/scripted-journal.ts";
import { tagOperation } from "./tag.ts";

test("the name of the entry has the tags, and its time is the time of the call", async () => {
  const journal = createScriptedJournal();
  const start = tagOperation.prepare({ tags: ["customer:42", "nightly"] }, new Uint8Array());
  const asking = start?.(journal, 7, orders);
  if (asking === undefined) throw new Error("The arguments were refused");
  expect(await journal.race([asking])).toEqual({ ok: true, now: 7, value: null });
  const names = journal.record.commands.map(({ name }) => name);
  expect(names).toEqual(["tag customer:42 nightly"]);
  expect(names.map(tagsSetBy)).toEqual([["customer:42", "nightly"]]);
});

test.each([
  [{ tags: [] }],
  [{ tags: ["a b"] }],
  [{ tags: [1] }],
  [{ tags: Array.from({ length: 11 }, (_, number) => `n${number}`) }],
  [{}],
])("%j is nothing that a guest requests", (given) => {
  expect(tagOperation.prepare(given, new Uint8Array())).toBeUndefined();
});

test.each(["tagged", "start", "fetch GET https://tag "])("the entry %j sets no tags", (name) => {
  expect(tagsSetBy(name)).toEqual([]);
});
