import { expect, test } from "vitest";
import { digestOf } from "../../../base/sha256.ts";
import { archiveOf, readArchives, withPackages } from "./package-archives.ts";

test("a source gets the code of its packages, each read once, and its own files of a package come first", async () => {
  const archive = archiveOf({ "index.js": "zod", "index.d.ts": "types", "package.json": "{}" });
  const digest = digestOf(archive);
  const locked = { name: "zod", version: "4.0.0", digest, from: "registry" as const };
  const source = {
    entry: "a.ts",
    files: { "a.ts": "", "node_modules/own/index.js": "own" },
    packageLock: {
      "node_modules/zod": locked,
      "node_modules/x/node_modules/zod": locked,
      "node_modules/own": locked,
    },
  };
  const read: string[] = [];
  const archives = await readArchives(source, async (wanted) => {
    read.push(wanted);
    return archive;
  });
  expect(read).toEqual([digest]);
  expect(withPackages(source, archives).files).toEqual({
    "a.ts": "",
    "node_modules/own/index.js": "own",
    "node_modules/zod/index.js": "zod",
    "node_modules/zod/package.json": "{}",
    "node_modules/x/node_modules/zod/index.js": "zod",
    "node_modules/x/node_modules/zod/package.json": "{}",
  });
});
