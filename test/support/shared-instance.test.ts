import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** `deploy(instance, "name"`, and `/workflows/name/deploy`. */
const deploys = /\bdeploy\(\s*instance,\s*"([\w-]+)"|\/workflows\/([\w-]+)\/deploy\b/g;

test("no two test files deploy a workflow of the same name to the shared instance", () => {
  const filesByName = new Map<string, Set<string>>();
  for (const file of globSync("**/*.test.ts", { cwd: folder })) {
    const text = readFileSync(join(folder, file), "utf8");
    if (!text.includes("await sharedInstance()")) continue;
    for (const [, deployed, posted] of text.matchAll(deploys)) {
      const name = deployed ?? posted ?? "";
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(file));
    }
  }
  const repeated = [...filesByName].filter(([, files]) => files.size > 1);
  expect(repeated.map(([name, files]) => `${name}: ${[...files].join(", ")}`)).toEqual([]);
  expect(filesByName.size).toBeGreaterThan(100);
});
