import { posix } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { extensionOf, folderOf, joinPath, relativePath } from "./paths.ts";

/** Without slashes at its end, as a file's path is. */
const file = fc
  .array(fc.constantFrom("a", "b.ts", "..", ".", "", ".c", "lib"), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join("/"))
  .filter((path) => !path.endsWith("/"));

test("paths are joined and split as in Node", () => {
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), (parts) => {
      expect(joinPath(...parts)).toBe(posix.join(...parts));
      expect(joinPath(...parts, "")).toBe(posix.join(...parts, ""));
    }),
  );
  fc.assert(
    fc.property(
      file.filter((path) => !path.includes("//")),
      (path) => {
        expect(folderOf(path)).toBe(posix.dirname(path));
        expect(extensionOf(path)).toBe(posix.extname(path));
      },
    ),
  );
});

test("a relative path leads from the folder to the path", () => {
  const joined = file.map((path) => joinPath(path)).filter((path) => !/^\/|\/$/.test(path));
  const inside = joined.filter((path) => !path.startsWith(".."));
  fc.assert(
    fc.property(inside, joined, (from, to) => {
      expect(joinPath(from, relativePath(from, to))).toBe(to);
    }),
  );
  expect(relativePath("lib", "lib")).toBe(".");
  expect(relativePath(".", "lib/a")).toBe("./lib/a");
  expect(relativePath("apps/a", "apps/b/c")).toBe("../b/c");
});
