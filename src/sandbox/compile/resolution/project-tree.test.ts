import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNativeBundler } from "../bundler/native-bundler.ts";

const bundler = createNativeBundler();
let top: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "duranium-project-"));
});
afterAll(async () => {
  await bundler[Symbol.asyncDispose]();
  await rm(top, { recursive: true });
});

describe("a project", () => {
  test("a deploy sends the files that a project imports, and the server makes the same bundle", async () => {
    const folder = await project("npm", {
      "package.json": '{"name": "app", "type": "module", "imports": {"#own": "./lib/own.ts"}}',
      "tsconfig.json": '{"extends": "@tsconfig/base", "compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}',
      "node_modules/@tsconfig/base/tsconfig.json": "{}",
      "flows/a.ts": `import { all } from "mapped"; import part from "mapped/part"; import own from "#own"; import alias from "@/own";
        import { kind } from "typed"; import marked from "typed/marked";
        export const run = () => [...all, part, own, alias, kind, typeof marked].join();`,
      "lib/own.ts": "export default 'own';",
      "lib/unused.ts": "never",
      "node_modules/mapped/package.json":
        '{"main": "./src/main", "browser": {"./src/node/index.js": "./src/web.js", "fs": false}}',
      "node_modules/mapped/src/main.js":
        "exports.all = [require('./node'), typeof require('fs').existsSync, require('./data').x];",
      "node_modules/mapped/src/node/index.js": "module.exports = 'node';",
      "node_modules/mapped/src/web.js": "never",
      "node_modules/mapped/src/data.json": '{"x": "data"}',
      "node_modules/mapped/part/package.json": '{"main": "../built/part"}',
      "node_modules/mapped/built/part.js": "module.exports = 'part';",
      "node_modules/typed/package.json":
        '{"exports": {".": "./esm/src/index.js", "./marked": "./marked.js"}}',
      "node_modules/typed/esm/package.json": '{"type": "module"}',
      "node_modules/typed/esm/src/index.js":
        'import marked from "../../marked.js"; export const kind = typeof marked;',
      "node_modules/typed/marked.js": "exports.__esModule = true; exports.default = '';",
    });
    const { files, result } = await sendAndRun(folder, "flows/a.ts");
    expect(result).toBe("node,function,data,part,own,own,object,object");
    expect(Object.keys(files)).toEqual([
      "flows/a.ts",
      "lib/own.ts",
      "node_modules/mapped/built/part.js",
      "node_modules/mapped/package.json",
      "node_modules/mapped/part/package.json",
      "node_modules/mapped/src/data.json",
      "node_modules/mapped/src/main.js",
      "node_modules/mapped/src/node/index.js",
      "node_modules/typed/esm/package.json",
      "node_modules/typed/esm/src/index.js",
      "node_modules/typed/marked.js",
      "node_modules/typed/package.json",
      "package.json",
      "tsconfig.json",
    ]);
  });

  test("of the settings that it extends, a project sends those that affect the bundle", async () => {
    const folder = await project("settings", {
      "package.json": '{"name": "app", "scripts": {"dev": "duranium dev"}}',
      "base/package.json": "{}",
      "base/tsconfig.json": config(undefined, {
        types: ["node"],
        strict: true,
        paths: { "@/*": ["../lib/*"] },
      }),
      "apps/flows/tsconfig.json": config("../../base/tsconfig.json", { jsx: "preserve", target: "esnext" }),
      "apps/flows/a.ts": 'import own from "@/own"; export const run = () => own;',
      "apps/plain/tsconfig.json": config(undefined, { types: ["node"] }),
      "apps/plain/b.ts": "export const run = () => 'plain';",
      "lib/own.ts": "export default 'own';",
    });
    const { files, result } = await sendAndRun(folder, "apps/flows/a.ts");
    expect(result).toBe("own");
    expect(Object.keys(files)).toEqual(["apps/flows/a.ts", "apps/flows/tsconfig.json", "lib/own.ts"]);
    expect(JSON.parse(files["apps/flows/tsconfig.json"] ?? "")).toEqual({
      compilerOptions: { jsx: "preserve", strict: true, target: "esnext", paths: { "@/*": ["../../lib/*"] } },
    });
    expect(Object.keys((await sendAndRun(folder, "apps/plain/b.ts")).files)).toEqual(["apps/plain/b.ts"]);
  });

  test("packages of a workspace are sent where npm would have installed them", async () => {
    const store = "node_modules/.pnpm";
    const repository = await project("pnpm", {
      "apps/a/package.json": '{"name": "a"}',
      "apps/a/workflow.ts":
        'import { lib } from "@shop/lib"; import { x } from "x"; export const run = () => `${lib} ${x}`;',
      "packages/lib/package.json": '{"name": "@shop/lib", "main": "src/index.ts"}',
      "packages/lib/src/index.ts":
        'import { y } from "y"; import { z } from "./z"; export const lib = `lib ${y} ${z}`;',
      "packages/lib/src/z.ts": "export const z = 'z';",
      [`${store}/x@1/node_modules/x/index.js`]: "exports.x = 'x with ' + require('y').y;",
      [`${store}/y@1/node_modules/y/index.js`]: "exports.y = 'y1';",
      [`${store}/y@2/node_modules/y/index.js`]: "exports.y = 'y2';",
    });
    await link(repository, "apps/a/node_modules/x", `${store}/x@1/node_modules/x`);
    await link(repository, "apps/a/node_modules/@shop/lib", "packages/lib");
    await link(repository, "packages/lib/node_modules/y", `${store}/y@2/node_modules/y`);
    await link(repository, `${store}/x@1/node_modules/y`, `${store}/y@1/node_modules/y`);
    const { files, result } = await sendAndRun(join(repository, "apps/a"), "workflow.ts");
    expect(result).toBe("lib y2 z x with y1");
    expect(Object.keys(files)).toEqual([
      "node_modules/@shop/lib/package.json",
      "node_modules/@shop/lib/src/index.ts",
      "node_modules/@shop/lib/src/z.ts",
      "node_modules/x/index.js",
      "node_modules/x/node_modules/y/index.js",
      "node_modules/y/index.js",
      "workflow.ts",
    ]);
  });

  test.each([
    ["a step upwards", 'import secret from "../secret.json";'],
    ["an absolute path", 'import secret from "SECRET";'],
    ["a link", 'import secret from "./link.json";'],
    ["a package's step upwards", 'import secret from "bad";'],
    ["a package's manifest", 'import secret from "bad/map";'],
    ["a path of tsconfig.json", 'import secret from "up/secret.json";'],
    ["a computed path", 'const secret = (x: string) => import("../../" + x + ".json");'],
  ])("a deploy sends no file from outside of the project, by %s", async (_, line) => {
    const folder = await project("confined/app", {
      "package.json": "{}",
      "tsconfig.json": '{"compilerOptions": {"paths": {"up/*": ["../*"]}}}',
      "a.ts": `${line.replace("SECRET", join(top, "confined/secret.json"))} export const run = () => secret;`,
      "node_modules/bad/package.json": '{"exports": {".": "./index.js", "./map": "../../../secret.json"}}',
      "node_modules/bad/index.js": 'module.exports = require("../../../secret.json");',
      "node_modules/bad/map.js": "",
    });
    await writeFile(join(top, "confined/secret.json"), '"secret word"');
    await link(folder, "link.json", "../secret.json");
    const error = await bundler.bundleProject({ folder, entry: "a.ts" }).then(({ files }) => files, String);
    expect(error).toMatch(/DuraniumError: Cannot compile/);
    expect(error).not.toContain("secret word");
  });
});

async function project(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(top, name, path)), { recursive: true });
    await writeFile(join(top, name, path), text);
  }
  return join(top, name);
}

async function link(folder: string, from: string, to: string): Promise<void> {
  await mkdir(dirname(join(folder, from)), { recursive: true });
  await rm(join(folder, from), { force: true });
  await symlink(join(folder, to), join(folder, from));
}

/** What is sent, and what the bundle returns that a server makes of it. Both sides' bundles are the same. */
async function sendAndRun(folder: string, entry: string) {
  const { files } = await bundler.bundleProject({ folder, entry });
  const { code } = await bundler.bundle({ entry, files });
  let exported: { run?: () => unknown } = {};
  const define = (exports: typeof exported) => {
    exported = exports;
  };
  vm.runInNewContext(new TextDecoder().decode(code), { __duranium_define: define });
  return { files, result: exported.run?.() };
}

function config(extended: string | undefined, compilerOptions: object): string {
  return JSON.stringify({
    $schema: "https://json.schemastore.org/tsconfig",
    extends: extended,
    compilerOptions,
  });
}
