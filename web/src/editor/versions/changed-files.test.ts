import { expect, test } from "vitest";
import { changedFiles } from "./changed-files.ts";

test("changed files are listed by path as added, removed or changed", () => {
  const before = { files: { "a.ts": "1", "b.ts": "2", "c.ts": "3" }, entry: "a.ts" };
  const after = { files: { "d.ts": "", "c.ts": "3", "a.ts": "1!" }, entry: "a.ts" };
  expect(changedFiles(before, after)).toEqual([
    { path: "a.ts", change: "changed", before: "1", after: "1!" },
    { path: "b.ts", change: "removed", before: "2", after: "" },
    { path: "d.ts", change: "added", before: "", after: "" },
  ]);
  expect(changedFiles(after, after)).toEqual([]);
});
