import { mkdtempDisposable, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDerivedText, storeDerivedText } from "./derived-text.ts";

/** A text that is stored as made from `source.ts`, and from `settings.json`, which is missing. */
async function stored(startedAt = Date.now() + 1_000) {
  const folder = await mkdtempDisposable(join(tmpdir(), "duranium-derived-"));
  const text = { path: join(folder.path, "store/text.json"), root: folder.path, tools: "tool 1" };
  await writeFile(join(folder.path, "source.ts"), "first");
  storeDerivedText(text, { text: "made of first", sources: ["source.ts", "settings.json"], startedAt });
  return { ...text, [Symbol.asyncDispose]: async () => await folder.remove() };
}

test("a derived text is read while its sources and tools are the same", async () => {
  await using text = await stored();
  expect(readDerivedText(text)).toBe("made of first");
  expect(readDerivedText({ ...text, tools: "tool 2" })).toBeUndefined();
  expect(await readdir(join(text.root, "store"))).toEqual(["text.json"]);
});

test("a derived text is made again after a source changed, disappeared or appeared", async () => {
  await using text = await stored();
  const [source, settings] = [join(text.root, "source.ts"), join(text.root, "settings.json")];
  await writeFile(source, "second");
  expect(readDerivedText(text)).toBeUndefined();
  await rm(source);
  expect(readDerivedText(text)).toBeUndefined();
  await writeFile(source, "first");
  expect(readDerivedText(text)).toBe("made of first");
  await writeFile(settings, "{}");
  expect(readDerivedText(text)).toBeUndefined();
});

test("a text is not stored if a source changed while it was made", async () => {
  await using text = await stored(Date.now() - 60_000);
  expect(readDerivedText(text)).toBeUndefined();
});
