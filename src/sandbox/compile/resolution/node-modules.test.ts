import { builtinModules, isBuiltin } from "node:module";
import { expect, test } from "vitest";
import { isNodeModule } from "./node-modules.ts";

test("exactly Node's built-in modules are recognized", () => {
  const bare = builtinModules.map((name) => name.replace("node:", ""));
  const wrong = [
    ...builtinModules,
    ...bare,
    ...bare.map((name) => `node:${name}`),
    "zod",
    "node:zod",
    "fs2",
    "",
  ].filter((name) => isNodeModule(name) !== isBuiltin(name));
  expect(wrong).toEqual([]);
});
