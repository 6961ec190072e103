import { describe, expect, test } from "vitest";
import { changeFile, deleteFile, isSameDraft, makeEntry, renameFile } from "./draft.ts";

const draft = { files: { "workflow.ts": "a", "lib/tax.ts": "b" }, entry: "workflow.ts" };

describe("a draft", () => {
  test("a change without effect returns the same object", () => {
    expect(changeFile(draft, "workflow.ts", "a")).toBe(draft);
    expect(makeEntry(draft, "workflow.ts")).toBe(draft);
  });

  test("setting a file returns a new draft and leaves the old one unchanged", () => {
    expect(changeFile(draft, "new.ts", "").files).toEqual({ ...draft.files, "new.ts": "" });
    expect(changeFile(draft, "workflow.ts", "c").files["workflow.ts"]).toBe("c");
    expect(draft.files["workflow.ts"]).toBe("a");
  });

  test("renaming the entry keeps it the entry, and keeps the order of files", () => {
    expect(renameFile(draft, "workflow.ts", "main.ts")).toEqual({
      files: { "main.ts": "a", "lib/tax.ts": "b" },
      entry: "main.ts",
    });
    expect(Object.keys(renameFile(draft, "workflow.ts", "zzz.ts").files)).toEqual(["zzz.ts", "lib/tax.ts"]);
    expect(renameFile(draft, "lib/tax.ts", "tax.ts").entry).toBe("workflow.ts");
  });

  test("removing the entry makes another file the entry, and the last file stays", () => {
    const rest = deleteFile(draft, "workflow.ts");
    expect(rest).toEqual({ files: { "lib/tax.ts": "b" }, entry: "lib/tax.ts" });
    expect(deleteFile(rest, "lib/tax.ts")).toBe(rest);
  });

  test("drafts are equal in any order of files, and differ by entry", () => {
    const other = { files: { "lib/tax.ts": "b", "workflow.ts": "a" }, entry: "workflow.ts" };
    expect(isSameDraft(draft, other)).toBe(true);
    expect(isSameDraft(draft, makeEntry(other, "lib/tax.ts"))).toBe(false);
    expect(isSameDraft(draft, changeFile(other, "new.ts", ""))).toBe(false);
    expect(isSameDraft(draft, renameFile(other, "lib/tax.ts", "toString"))).toBe(false);
    expect(isSameDraft(draft, { ...other, dependencies: {} })).toBe(true);
    expect(isSameDraft(draft, { ...other, dependencies: { zod: "4.6.7" } })).toBe(false);
  });
});
