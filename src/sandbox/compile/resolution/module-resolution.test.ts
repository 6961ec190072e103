import { setImmediate } from "node:timers/promises";
import type { ResolveResult } from "esbuild";
import { expect, test } from "vitest";
import { askOnce } from "./module-resolution.ts";

test("esbuild resolves each specifier once per folder, and few concurrently", async () => {
  const asked: string[] = [];
  let underWay = 0;
  let most = 0;
  const ask = askOnce(async (path) => {
    asked.push(path);
    underWay += 1;
    most = Math.max(most, underWay);
    await setImmediate();
    underWay -= 1;
    return { path: `/found/${path}` } as ResolveResult;
  });
  const names = Array.from({ length: 100 }, (_, index) => `./${index % 50}.js`);
  const answers = await Promise.all(
    names.map(async (specifier, index) => {
      return await ask({ specifier, kind: "import-statement", from: `/p/lib/${index}.js` });
    }),
  );
  expect(answers.map(({ path }) => path)).toEqual(names.map((name) => `/found/${name}`));
  expect(asked).toHaveLength(50);
  expect(most).toBeLessThan(10);
  await ask({ specifier: "./0.js", kind: "require-call", from: "/p/lib/0.js" });
  await ask({ specifier: "./0.js", kind: "import-statement", from: "/p/0.js" });
  expect(asked).toHaveLength(52);
});
