import { expect, test } from "vitest";
import { importedPackages } from "./imported-packages.ts";

test("imported packages are listed once, without files, modules of Node, Duranium and aliases", () => {
  const files = {
    "workflow.ts": `
      import { z } from "zod";
      import "side-effect/register";
      import { retry } from "duranium";
      import fs from "fs";
      import { join } from 'node:path';
      import { tax } from "./lib/tax.ts";
      import { own } from "@/own.ts";
      import { inner } from "#inner";
      export { z as y } from "zod/mini";
    `,
    "lib/tax.ts": `const a = await import("@scope/name/deep"); const b = require('lodash');`,
    "node_modules/zod/index.js": `require("not-listed")`,
    "data.json": `{"from": "from 'nothing'"}`,
  };
  expect(importedPackages(files)).toEqual(["@scope/name", "lodash", "side-effect", "zod"]);
});
