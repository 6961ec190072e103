import { posix } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { extensionOf, folderOf, joinPath } from "./paths.ts";

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
