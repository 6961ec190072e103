import { expect, test } from "vitest";
import { parseStart } from "../journal/execution-start.ts";
import { startCondition } from "./execution-starts.ts";

const start = {
  version: 3,
  entryPoint: "created",
  executionId: "inv_1aZrD2ElniH81lxfJK4PbVEBpFixpbSysK",
  seed: "ab",
  now: 1_700_000_000_000,
  callbackUrl: "https://duranium.example/callbacks/",
};

test("parseStart returns undefined for other results", () => {
  expect(parseStart(start)).toEqual(start);
  expect(parseStart({ ok: true, now: 1, value: null })).toBeUndefined();
});

test.each([
  [{ version: 3 }, true],
  [{ version: 30 }, false],
  [{ entryPoint: "created" }, true],
  [{ entryPoint: "create" }, false],
  [{ version: 3, entryPoint: "created" }, true],
  [{ version: 1, entryPoint: "created" }, false],
])("the condition for %j matches the right start", (filter, isFound) => {
  const [, pattern = ""] = /LIKE '%([0-9a-f]+)%'/.exec(startCondition(filter) ?? "") ?? [];
  expect(pattern).not.toBe("");
  const text = Buffer.from(JSON.stringify(start)).toString("hex");
  expect(text.includes(pattern)).toBe(isFound);
  // What a workflow received stands in a string.
  expect(
    Buffer.from(JSON.stringify({ text: JSON.stringify(start) })).includes(Buffer.from(pattern, "hex")),
  ).toBe(false);
});

test("an empty filter has no condition", () => {
  expect(startCondition({})).toBeUndefined();
});
