import { expect, test } from "vitest";
import { furtherPackages, packageRows, readRequest, withImport } from "./package-rows.ts";

const digest = "0".repeat(64);

test("the packages of a draft say where they come from, and missing ones are first", () => {
  const draft = {
    entry: "workflow.ts",
    files: {
      "workflow.ts": 'import "zod"; import "lodash"; import "own"; import "hono"; import "later";',
      "node_modules/own/package.json": '{"version":"2.0.0"}',
    },
    dependencies: { hono: "4.0.0" },
    packages: { zod: "^4", unused: "latest", later: "1" },
    packageLock: {
      "node_modules/zod": { name: "zod", version: "4.6.7", digest, from: "registry" as const },
      "node_modules/unused": { name: "unused", version: "1.0.0", digest, from: "folder" as const },
      "node_modules/unused/node_modules/deep": {
        name: "deep",
        version: "3.0.0",
        digest,
        from: "folder" as const,
      },
    },
  };
  const rows = packageRows(draft);
  expect(rows).toEqual([
    { name: "later", range: "1", origin: "missing", isImported: true },
    { name: "lodash", origin: "missing", isImported: true },
    { name: "hono", version: "4.0.0", origin: "server", isImported: true },
    { name: "own", version: "2.0.0", origin: "files", isImported: true },
    { name: "unused", range: "latest", version: "1.0.0", origin: "folder", isImported: false },
    { name: "zod", range: "^4", version: "4.6.7", origin: "registry", isImported: true },
  ]);
  expect(furtherPackages(draft)).toEqual([["unused/node_modules/deep", "3.0.0"]]);
});

test("a request is a name with a version, range or tag", () => {
  expect(readRequest(" zod ")).toEqual({ name: "zod", range: "latest" });
  expect(readRequest("@scope/name@>=1 <3")).toEqual({ name: "@scope/name", range: ">=1 <3" });
  expect(readRequest("zod@beta")).toEqual({ name: "zod", range: "beta" });
  expect(readRequest("JSONStream@1")).toEqual({ name: "JSONStream", range: "1" });
  expect(readRequest("../zod")).toBeUndefined();
  expect(readRequest("")).toBeUndefined();
});

test("an import is inserted after the comment that begins the entry file", () => {
  const draft = { entry: "a.ts", files: { "a.ts": "// Prices\n\nexport const run = 1;\n" } };
  expect(withImport(draft, "@scope/date-fns").files["a.ts"]).toBe(
    '// Prices\n\nimport * as dateFns from "@scope/date-fns";\nexport const run = 1;\n',
  );
  expect(withImport({ entry: "a.ts", files: { "a.ts": "" } }, "7zip").files["a.ts"]).toBe(
    'import * as _7zip from "7zip";\n',
  );
});
