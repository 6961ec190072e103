import { describe, expect, test } from "vitest";
import { whyNotFileName } from "./file-name.ts";
import { treeOf } from "./file-tree.ts";

describe("file names", () => {
  test.each(["workflow.ts", "lib/tax.ts", "data/rates.json", "ä b.ts", ".hidden", `${"x".repeat(252)}.ts`])(
    "%s is valid",
    (name) => {
      expect(whyNotFileName(name, ["other.ts"])).toBeUndefined();
    },
  );

  test.each([
    ["", "Enter a file name"],
    ["x".repeat(256), "255 characters"],
    ["/etc/passwd", "relative"],
    ["C:x.ts", "relative"],
    ["a\\b.ts", 'with "/"'],
    ["a//b.ts", "must not be empty"],
    ["lib/", "must not be empty"],
    ["../secret.ts", '".."'],
    ["lib/__proto__", "must not be empty"],
    ["a\u0000.ts", "Control"],
    ["other.ts", "already"],
    ["lib", "is a folder"],
    ["lib/vat", "extension"],
    ["other.ts/in.ts", "a file and cannot"],
  ])("%j is invalid and has a reason", (name, why) => {
    expect(whyNotFileName(name, ["other.ts", "lib/tax.ts"])).toContain(why);
  });
});

describe("the file tree", () => {
  test("folders come first, before their files, and numbers sort by value", () => {
    const lines = treeOf(["z.ts", "lib/b10.ts", "lib/b9.ts", "lib/deep/a.ts", "a.ts", "lib.ts"]);
    expect(
      lines.map(({ depth, name, kind }) => `${"  ".repeat(depth)}${name}${kind === "folder" ? "/" : ""}`),
    ).toEqual(["lib/", "  deep/", "    a.ts", "  b9.ts", "  b10.ts", "a.ts", "lib.ts", "z.ts"]);
    expect(lines.map(({ path }) => path)).toContain("lib/deep/a.ts");
  });
});
