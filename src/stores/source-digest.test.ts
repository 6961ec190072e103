import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { WorkflowSource } from "../domain/workflow.ts";
import { canonicalSource, sourceDigestOf } from "./source-digest.ts";

const fileNames = fc.oneof(
  fc.constantFrom("main.ts", "lib/tax.ts", "1", "10", "2", "__proto__", "constructor"),
  fc.string({ unit: "binary" }),
);
const files = fc.uniqueArray(fc.tuple(fileNames, fc.string({ unit: "binary" })), {
  selector: ([name]) => name,
  maxLength: 8,
});

test("the same files in another order have the same digest", () => {
  const shuffled = files.chain((entries) =>
    fc.tuple(
      fc.constant(entries),
      fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([entries, others]) => {
      expect(sourceDigestOf(sourceOf(others))).toBe(sourceDigestOf(sourceOf(entries)));
    }),
  );
});

test("the canonical form contains the complete source", () => {
  fc.assert(
    fc.property(files, (entries) => {
      const source = sourceOf(entries);
      const read = JSON.parse(canonicalSource(source)) as WorkflowSource;
      expect(read.entry).toBe(source.entry);
      expect(new Map(Object.entries(read.files))).toEqual(new Map(Object.entries(source.files)));
    }),
  );
});

test.each([
  ["another entry", { entry: "b.ts", files: { "a.ts": "1", "b.ts": "2" } }],
  ["other text", { entry: "a.ts", files: { "a.ts": "1", "b.ts": "3" } }],
  ["another file name", { entry: "a.ts", files: { "a.ts": "1", "c.ts": "2" } }],
  ["one file more", { entry: "a.ts", files: { "a.ts": "1", "b.ts": "2", "c.ts": "" } }],
  ["texts swapped", { entry: "a.ts", files: { "a.ts": "2", "b.ts": "1" } }],
])("a source with %s has another digest", (_, other) => {
  const source = { entry: "a.ts", files: { "a.ts": "1", "b.ts": "2" } };
  expect(sourceDigestOf(other)).not.toBe(sourceDigestOf(source));
});

test("the digest of a source is stable across releases", () => {
  expect(sourceDigestOf({ entry: "main.ts", files: { "main.ts": "export function run() {}" } })).toBe(
    "e48001e84fe6dfbe1441a2193169beb7736db20549ce314d5ccccdc797ff7c0f",
  );
});

function sourceOf(entries: readonly (readonly [string, string])[]): WorkflowSource {
  return { entry: "main.ts", files: Object.fromEntries(entries) };
}
