import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import vm from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic } from "../../../domain/errors.ts";
import { mapPosition } from "../diagnostics/source-map.ts";
import { maxBundleBytes } from "./limits.ts";
import { createNativeBundler } from "./native-bundler.ts";

const bundler = createNativeBundler();
afterAll(() => bundler[Symbol.asyncDispose]());

describe("a bundle", () => {
  test.each<[string, Record<string, string>]>([
    ["one file", { "orders.ts": "export const run = (): string => 'ran';" }],
    ["JavaScript", { "orders.js": "export const run = () => 'ran';" }],
    ["CommonJS", { "orders.cjs": "exports.run = () => 'ran';" }],
    [
      "a run that is exported from elsewhere",
      { "orders.ts": "export { run } from './a';", "a.ts": "export const run = () => 'ran';" },
    ],
    [
      "a relative import",
      {
        "src/a.ts": 'import x from "../lib/x.ts"; export const run = () => x;',
        "lib/x.ts": "export default 'ran'",
      },
    ],
    [
      "an import without extension",
      { "a.ts": 'import x from "./x"; export const run = () => x;', "x.js": "export default 'ran'" },
    ],
    [
      "an import with the extension of the output",
      {
        "a.ts": 'import x from "./x.js"; export const run = () => x;',
        "x.ts": "export default 'ran' as string",
      },
    ],
    [
      "an import of a folder",
      { "a.ts": 'import x from "./x"; export const run = () => x;', "x/index.ts": "export default 'ran'" },
    ],
    [
      "an import of JSON",
      { "a.ts": 'import x from "./x.json"; export const run = () => x.said;', "x.json": '{"said":"ran"}' },
    ],
    ["an import of text", { "a.ts": 'import x from "./x.txt"; export const run = () => x;', "x.txt": "ran" }],
    [
      "types of duranium",
      { "a.ts": 'import type { Run } from "duranium"; export const run: Run = () => "ran";' },
    ],
    [
      "values of duranium",
      {
        "a.ts":
          'import { mapConcurrent, retry } from "duranium"; export const run = () => [retry, mapConcurrent].every((each) => typeof each === "function") ? "ran" : "";',
      },
    ],
    [
      "values of @duranium/workflow, which are the same",
      {
        "a.ts":
          'import { retry } from "duranium"; import { retry as other } from "@duranium/workflow"; export const run = () => retry === other && "ran";',
      },
    ],
    [
      "types of duranium, imported as if they were values",
      { "a.ts": 'import { Run } from "duranium"; export const run: Run = () => "ran";' },
    ],
    [
      "a dynamic import of a file",
      {
        "a.ts": 'const x = import("./x"); export const run = () => typeof x.then === "function" && "ran";',
        "x.ts": "export default 1",
      },
    ],
    ["NODE_ENV", { "a.ts": 'export const run = () => process.env.NODE_ENV === "production" ? "ran" : "";' }],
  ])("a bundle supports %s", async (_, files) => {
    expect(await runBundleOf(files)).toBe("ran");
  });

  test.each<[string, string, Record<string, unknown>, Record<string, string>]>([
    ["main", "pkg", { main: "lib/main" }, { "lib/main.js": "exports.x = 'ran'" }],
    ["module", "pkg", { module: "m.mjs" }, { "m.mjs": "export const x = 'ran'" }],
    [
      "main, whatever it has for browsers",
      "pkg",
      { main: "m.js", module: "no.mjs", browser: { "./m.js": "./no.mjs", "./off.js": false } },
      { "m.js": "exports.x = require('./off.js')", "off.js": "module.exports = 'ran'", "no.mjs": "" },
    ],
    ["nothing but an index", "pkg", {}, { "index.js": "exports.x = 'ran'" }],
    ["one export", "pkg", { exports: "./e.js" }, { "e.js": "export const x = 'ran'" }],
    [
      "conditions",
      "pkg",
      { exports: { browser: "./no.js", deno: "./no.js", require: "./no.js", import: "./e.js" } },
      { "e.js": "export const x = 'ran'" },
    ],
    [
      "nested conditions",
      "pkg",
      { exports: { ".": { node: { import: "./e.js" }, default: "./no.js" } } },
      { "e.js": "export const x = 'ran'" },
    ],
    [
      "a list of targets",
      "pkg",
      { exports: [{ browser: "./no.js" }, "./e.js"] },
      { "e.js": "export const x = 'ran'" },
    ],
    ["a part", "pkg/part", { exports: { "./part": "./p.js" } }, { "p.js": "export const x = 'ran'" }],
    [
      "a pattern",
      "pkg/parts/one",
      { exports: { "./*": "./no.js", "./parts/*": "./p/*.js" } },
      { "p/one.js": "export const x = 'ran'" },
    ],
    ["a file, where there are no exports", "pkg/p/one.js", {}, { "p/one.js": "export const x = 'ran'" }],
    ["a scope", "@scope/pkg/part", { exports: { "./part": "./p.js" } }, { "p.js": "export const x = 'ran'" }],
    [
      "imports of its own",
      "pkg",
      { exports: "./e.js", imports: { "#x": { browser: "./no.js", default: "./x.js" } } },
      { "e.js": "export { x } from '#x'", "x.js": "export const x = 'ran'" },
    ],
  ])("a package in the request is resolved by %s", async (_, specifier, manifest, packageFiles) => {
    const root = `node_modules/${specifier.startsWith("@") ? "@scope/pkg" : "pkg"}`;
    const files = Object.entries({ "package.json": JSON.stringify(manifest), ...packageFiles });
    expect(
      await runBundleOf({
        "src/a.ts": `import { x } from "${specifier}"; export const run = () => x;`,
        ...Object.fromEntries(files.map(([path, text]) => [`${root}/${path}`, text])),
      }),
    ).toBe("ran");
  });

  test("the nearest of two packages of one name is used", async () => {
    expect(
      await runBundleOf({
        "a.ts": 'import { x } from "outer"; export const run = () => x;',
        "node_modules/outer/index.js": 'exports.x = require("inner")',
        "node_modules/inner/index.js": "module.exports = 'far'",
        "node_modules/outer/node_modules/inner/index.js": "module.exports = 'ran'",
      }),
    ).toBe("ran");
  });

  test("literals with Unicode property escapes are replaced, because the engine traps on them", async () => {
    const literals = "export const run = () => [/\\p{L}/u, /[^\\p{L}]/u, /\\p{L}/v];";
    const { code } = await bundler.bundle(workflow({ "a.ts": literals }));
    for (const pattern of ['"\\\\p{L}", "u"', '"[^\\\\p{L}]", "u"', '"\\\\p{L}", "v"']) {
      expect(new TextDecoder().decode(code)).toContain(`new RegExp(${pattern})`);
    }
  });
});

describe("a default import of CommonJS that is marked __esModule", () => {
  const marked = 'exports.__esModule = true; exports.default = "default"; exports.named = "named";';
  const importing = 'import x, { named } from "cjs"; export const seen = [named, x.default ?? x, typeof x];';

  test("a default import is Node's, by the file's extension and the type of its package.json", async () => {
    const files = {
      "a.mjs": `import * as own from "./own.mjs"; import * as typed from "./typed/a.js"; import * as common from "./typed/a.cjs";
        import * as script from "./typed/b.ts"; import * as nested from "pkg"; import * as deep from "pkg/deep"; import * as dynamic from "pkg/dynamic";
        export const run = async () => JSON.stringify([own.seen, typed.seen, common.seen, script.seen, nested.seen, deep.seen, await dynamic.seen]);`,
      "own.mjs": importing,
      "typed/package.json": '{ "type": "module" }',
      "typed/a.js": importing,
      "typed/a.cjs": 'exports.seen = [require("cjs").default, typeof require("./b.ts").seen];',
      "typed/b.ts": importing,
      "node_modules/cjs/index.js": marked,
      "node_modules/pkg/package.json":
        '{ "exports": { ".": "./lib/esm/index.js", "./deep": "./lib/esm/deep/index.js", "./dynamic": "./lib/esm/dynamic.js" } }',
      "node_modules/pkg/lib/esm/package.json": '{ "type": "module" }',
      "node_modules/pkg/lib/esm/index.js": importing,
      "node_modules/pkg/lib/esm/deep/index.js": importing,
      "node_modules/pkg/lib/esm/dynamic.js":
        'export const seen = import("../common.js").then((x) => [x.default.default, x.named]);',
      "node_modules/pkg/lib/common.js": marked,
    };
    expect(await runBundleOf(files)).toBe(await runInNode(files));
  });

  test("a default import in a file without a type is the module's default, as in other bundlers", async () => {
    const files = {
      "a.ts": 'import { seen } from "./b.js"; export const run = () => seen.join();',
      "package.json": "{}",
      "b.js": importing,
      "node_modules/cjs/index.js": marked,
    };
    expect(await runBundleOf(files)).toBe("named,default,string");
  });

  test("diagnostics and source maps use the file's own name", async () => {
    const files = {
      "a.ts": 'import "./lib/b.js"; export const run = () => {};',
      "package.json": '{ "type": "module" }',
      "lib/b.js": "const = 1;",
    };
    expect(await diagnosticsOf(files)).toMatchObject([{ file: "lib/b.js", line: 1 }]);
    const missing = {
      ...files,
      "lib/b.js": 'import { nope } from "./c.js"; nope();',
      "lib/c.js": "export {};",
    };
    const [diagnostic] = await diagnosticsOf(missing);
    expect(diagnostic).toMatchObject({ file: "lib/b.js", message: expect.stringContaining('"lib/c.js"') });
    const { sourceMap } = await bundler.bundle(workflow({ ...files, "lib/b.js": "globalThis.b = 1;" }));
    expect(JSON.parse(sourceMap)).toMatchObject({ sources: expect.arrayContaining(["a.ts", "lib/b.js"]) });
  });
});

describe("a require at run time", () => {
  test("a require at run time finds Node's modules, and fails as in Node for others", async () => {
    const files = {
      "a.cjs": `const attempt = async (f) => { try { await f(); return "found"; } catch (e) { return [/^Cannot find (?:module|package) '/.test(e.message), e.code.endsWith("MODULE_NOT_FOUND")]; } };
        const dynamicImport = (name) => import(name); const tryRequire = (name) => require(name); const name = ["./no", "pe"].join("");
        exports.run = async () => JSON.stringify([(await dynamicImport("path")).join("a", "b"), tryRequire("node:util").format("%s", 1), require.resolve("util"),
          await Promise.all([() => require(name), () => dynamicImport("nope"), () => require.resolve(name)].map(attempt))]);`,
    };
    expect(await runBundleOf(files)).toBe(await runInNode(files));
  });
});

describe("createRequire of a module's own URL", () => {
  test("createRequire finds files, data, packages and Node's modules, as in Node", async () => {
    const files = {
      "a.mjs": 'import { seen } from "pkg"; export const run = () => JSON.stringify(seen);',
      "node_modules/pkg/package.json":
        '{ "version": "1.2.3", "type": "module", "exports": "./a.js", "imports": { "#own": { "require": "./own.cjs" } } }',
      "node_modules/pkg/own.cjs": 'exports.own = "own";',
      "node_modules/pkg/a.js": `import * as nodeModule from "node:module"; import { createRequire } from "module";
        const require = createRequire(import.meta.url); const other$1 = (0, nodeModule.createRequire)(import.meta.url);
        const attempt = (f) => { try { return f(); } catch (error) { return error.code; } };
        export const seen = [require("./package.json").version, other$1('#own').own, require("dep"), createRequire(import.meta.url)("./own.cjs").own,
          require("node:path").join("a", "b"), attempt(() => require("./build/native.node")), attempt(() => require("absent")), typeof require.resolve];`,
      "node_modules/dep/index.js": 'module.exports = "dep";',
    };
    expect(await runBundleOf(files)).toBe(await runInNode(files));
  });

  test("createRequire is found next to a very long line", async () => {
    const text = `import { createRequire } from "node:module"; const load = createRequire(import.meta.url);
      const word = "${"a".repeat(200_000)}"; export const run = () => load("./data.json").length + word.length;`;
    expect(await runBundleOf({ "a.js": text, "data.json": "[1]" })).toBe(200_001);
  });

  test("a file that createRequire cannot find is reported", async () => {
    const text =
      'import { createRequire } from "node:module";\nconst load = createRequire(import.meta.url);\nexport const run = () => load("./nope.json");';
    expect(await diagnosticsOf({ "a.ts": text })).toMatchObject([
      { message: expect.stringContaining('no file "nope.json"') },
    ]);
  });
});

describe("strict mode", () => {
  const misuses = `
    const thrown = (misuse) => { try { misuse(); return "nothing"; } catch (error) { return error.name; } };
    function receiver() { return this; }
    export const run = () => [
      thrown(() => { typoed = 5; }), thrown(() => { Object.freeze([1])[0] = 2; }), typeof receiver(),
    ].join() + (globalThis.found ?? "");`;
  const strict = "ReferenceError,TypeError,undefined";

  test.each<[string, Record<string, string>]>([
    ["ES modules", { "a.js": misuses }],
    [
      "an ES module of a package",
      {
        "a.js": 'export { run } from "p"',
        "node_modules/p/index.mjs": misuses,
        "node_modules/p/package.json": '{ "main": "index.mjs" }',
      },
    ],
    [
      "a module that another requires",
      {
        "a.js": 'import x from "./x.cjs"; export const run = x.run;',
        "x.cjs": '"use strict"; exports.run = require("./b.js").run;',
        "b.js": misuses,
      },
    ],
    ["modules beside JSON", { "a.js": `import x from "./x.json"; if (x) {} ${misuses}`, "x.json": "[]" }],
    [
      "modules beside CommonJS that has the directive",
      {
        "a.js": `import "x"; ${misuses}`,
        "node_modules/x/index.js": "#!x\n/* a */ // b\n'c'; 'use strict'; exports.x = 1;",
      },
    ],
    [
      "modules beside CommonJS that is not used",
      {
        "a.js": `import { x } from "x"; ${misuses}`,
        "node_modules/x/package.json": '{ "sideEffects": false }',
        "node_modules/x/index.js": "exports.x = 1",
      },
    ],
  ])("strict mode applies to %s", async (_, files) => {
    expect(await runBundleOf(files)).toBe(strict);
  });

  test.each([
    ["that exports", "exports.x = 1; found = typeof function () { return this; }();"],
    ["that only runs", "found = typeof function () { return this; }();"],
    ["that uses with and octal literals", 'with ({ y: 010 }) found = y === 8 && "object"; exports.x = 1;'],
    ["with lines like those of a bundle", "exports.x = `\n  });\n})();\n`; found = 'object';"],
    [
      "that requires strict CommonJS and ES modules",
      'exports.x = [require("./strict.cjs").x, require("./lib.mjs").next(), require("./lib.mjs").count].join(); found = exports.x === "no,1,1" && "object";',
    ],
    [
      "that requires each other",
      'exports.x = 1; exports.x = require("./cycle.js").x + 1; found = exports.x === 2 && "object";',
    ],
    [
      "that uses what is injected",
      'exports.x = 1; found = Buffer.from("a").toString("hex") === "61" && process.env.A === undefined && new URLPattern({ pathname: "/a" }).pathname === "/a" && "object";',
    ],
    [
      "that requires a module of Node",
      'exports.x = 1; found = require("path").join("a", "b") === "a/b" && require("node:util").format("%s", 1) === "1" && "object";',
    ],
    ["that imports when it runs", 'exports.x = () => import("./lib.mjs"); found = "object";'],
  ])("a CommonJS module %s stays sloppy, as in Node", async (_, text) => {
    const files = {
      "a.js": `import "x"; ${misuses}`,
      "node_modules/x/index.js": text,
      "node_modules/x/strict.cjs":
        '"use strict"; try { undeclared = 1; exports.x = "yes"; } catch { exports.x = "no"; }',
      "node_modules/x/cycle.js": 'exports.x = require("./index.js").x;',
      "node_modules/x/lib.mjs":
        "export let count = 0; export const next = () => { count += 1; return count; };",
    };
    expect(await runBundleOf(files)).toBe(`${strict}object`);
  });

  test("a bundle whose sloppy modules cannot be separated stays sloppy", async () => {
    const files = {
      "a.js": `import "x"; globalThis.other = String.raw\`\n  // workflow:node_modules/x/index.js\n\`; ${misuses}`,
      "node_modules/x/index.js": "exports.x = 1; found = 'object';",
    };
    expect(await runBundleOf(files)).toBe("nothing,nothing,objectobject");
  });

  test("the source map follows moved modules", async () => {
    const { code, sourceMap } = await bundler.bundle({
      entry: "a.ts",
      files: {
        "a.ts":
          'import { early } from "y";\nimport { late } from "x";\nexport const run = () => { if (early(late)) throw new Error("strict"); };',
        "node_modules/x/index.js": '\nexports.late = () => { throw new Error("sloppy"); };',
        "node_modules/y/index.js": "export const early = (late) => {\n  return late;\n};",
      },
    });
    const lines = new TextDecoder().decode(code).split("\n");
    const placeOf = (text: string) => {
      const line = lines.findIndex((each) => each.includes(text));
      return mapPosition(`f@workflow.js:${line + 1}:${lines[line]?.indexOf(text)}`, sourceMap);
    };
    expect(lines.filter((line) => line.includes("use strict"))).toHaveLength(1);
    expect(placeOf('throw new Error("strict")')).toMatchObject({ file: "a.ts", line: 3 });
    expect(placeOf('throw new Error("sloppy")')).toMatchObject({
      file: "node_modules/x/index.js",
      line: 2,
    });
    expect(placeOf("return late")).toMatchObject({ file: "node_modules/y/index.js", line: 2 });
  });

  test("strict mode changes no position of the source map", async () => {
    const { code, sourceMap } = await bundler.bundle(
      workflow({ "a.ts": "export const run = () => { throw 1; };" }),
    );
    const lines = new TextDecoder().decode(code).split("\n");
    const line = lines.findIndex((text) => text.includes("throw 1")) + 1;
    expect(lines[0]).toContain("use strict");
    expect(
      mapPosition(`run@workflow.js:${line}:${lines[line - 1]?.indexOf("throw")}`, sourceMap),
    ).toMatchObject({ file: "a.ts", line: 1 });
  });
});

describe("a tsconfig.json", () => {
  test.each<[string, Record<string, string>]>([
    [
      "paths, relative to the file that has them",
      {
        "src/a.ts": 'import x from "@/x"; import y from "#lib/y"; export const run = () => x + y;',
        "src/tsconfig.json": '{ "extends": "../base" /* its paths are replaced */ , "compilerOptions": {} }',
        "base.json":
          '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"], "#lib/*": ["no/*", "lib/*"], }, } }',
        "lib/x.ts": "export default 'r'",
        "lib/y.ts": "export default 'an'",
      },
    ],
    [
      "baseUrl",
      {
        "a.ts": 'import x from "lib/x"; export const run = () => x;',
        "tsconfig.json": '{ "compilerOptions": { "baseUrl": "./src" } }',
        "src/lib/x.ts": "export default 'ran'",
      },
    ],
    [
      "experimentalDecorators, out of a package that it extends",
      {
        "a.ts": `function say(target: any, key: string, descriptor?: any) { said = [key, descriptor].flat().length; }
          let said: unknown; class A { @say go(): void {} } export const run = () => said === 2 && "ran";`,
        "tsconfig.json": '{ "extends": ["@tsconfig/one"] }',
        "node_modules/@tsconfig/one/tsconfig.json":
          '{ "compilerOptions": { "experimentalDecorators": true } }',
      },
    ],
    [
      "useDefineForClassFields",
      {
        "a.ts": `class A { constructor() { (this as any).x = "ran"; } } class B extends A { x: any; }
          export const run = () => new B().x;`,
        "tsconfig.json": '{ "compilerOptions": { "useDefineForClassFields": false } }',
      },
    ],
    [
      "jsxFactory",
      {
        "a.tsx": "const h = (name: string) => name; export const run = () => <ran />;",
        "tsconfig.json": '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }',
      },
    ],
  ])("a tsconfig.json sets %s", async (_, files) => {
    expect(await runBundleOf(files)).toBe("ran");
  });

  test("options of a tsconfig.json without effect are reported as warnings", async () => {
    const tsconfig =
      '{ "compilerOptions": { "emitDecoratorMetadata": true, "rootDirs": ["a"], "strict": true } }';
    const { warnings } = await bundler.bundle(
      workflow({ "a.ts": "export const run = 1;", "tsconfig.json": tsconfig }),
    );
    expect(warnings).toEqual([
      {
        message: '"emitDecoratorMetadata" of tsconfig.json has no effect',
        file: "tsconfig.json",
        hint: expect.any(String),
      },
      {
        message: '"rootDirs" of tsconfig.json has no effect',
        file: "tsconfig.json",
        hint: expect.any(String),
      },
    ]);
  });

  test.each([
    ["is no JSON", "{ this is", /it is not valid JSON/],
    ["extends what was not sent", '{ "extends": "../../base" }', /which is not a file of the workflow/],
    ["extends a file of the machine", '{ "extends": "/etc/passwd" }', /which is not a file of the workflow/],
    ["extends itself", '{ "extends": "./tsconfig" }', /which is not a file of the workflow/],
  ])("a tsconfig.json that %s is refused", async (_, tsconfig, message) => {
    const [diagnostic] = await diagnosticsOf({ "a.ts": "export const run = 1;", "tsconfig.json": tsconfig });
    expect(diagnostic).toMatchObject({ file: "tsconfig.json", message: expect.stringMatching(message) });
  });
});

describe("a refusal to bundle", () => {
  test.each<[string, string, RegExp, RegExp]>([
    ["what is no TypeScript", "const = 1;", /Expected identifier/, /deploy again$/],
    [
      "a file that is not there",
      'import "./nope";',
      /the request contains no file "nope"/,
      /Send the file along/,
    ],
    [
      "a file above the folder",
      'import "../../nope";',
      /the request contains no file/,
      /Send the file along/,
    ],
    ["an absolute path", 'import "/etc/hosts";', /only files of the request/, /relative path/],
    ["a file: URL", 'import "file:///etc/hosts";', /only files of the request/, /relative path/],
    ["a data: URL", 'import "data:text/javascript,1";', /only files of the request/, /relative path/],
    ["an https: URL", 'import "https://esm.example/x";', /only files of the request/, /relative path/],
    ["a builtin of Node", 'import "node:sqlite";', /do not run in Node/, /web platform/],
    ["an inner module of Node", 'import "_http_agent";', /do not run in Node/, /web platform/],
    ["a package that is not there", 'import "zod/v4";', /a deploy installs nothing from npm/, /npm install/],
    ["a package that is required", 'require("zod");', /a deploy installs nothing from npm/, /npm install/],
    [
      "a value of duranium",
      'import { x } from "duranium"; x();',
      /it has `retry`, `mapConcurrent`, and types/,
      /import type/,
    ],
    ["a computed path", 'import("../" + run);', /computed/, /by a literal path/],
    ["a computed path upwards", 'import("../../../" + run + ".js");', /computed/, /by a literal path/],
    ["a computed path that is required", 'require("./" + run);', /computed/, /by a literal path/],
    ["an await at the top level", "await 1;", /cannot use await/, /into run/],
    ["a type of file that is not supported", 'import "./a.css";', /type are not supported/, /\.json/],
    [
      "a type of file that is a property of every object",
      'import "./a.constructor";',
      /type are not supported/,
      /\.json/,
    ],
  ])("a diagnostic names %s, the place and a hint", async (_, line, message, hint) => {
    const [diagnostic] = await diagnosticsOf({
      "orders.ts": `export function run() {}\n${line}\n`,
      "a.css": "a {}",
      "a.constructor": "",
    });
    expect(diagnostic).toMatchObject({ file: "orders.ts", line: 2, lineText: line });
    expect(diagnostic?.message).toMatch(message);
    expect(diagnostic?.hint).toMatch(hint);
  });

  test("a default export instead of run is reported", async () => {
    const [diagnostic] = await diagnosticsOf({ "a.ts": "export default function run() {}" });
    expect(diagnostic).toMatchObject({ file: "a.ts", hint: expect.stringContaining("default export") });
  });

  test("a missing run is reported with an example", async () => {
    const [diagnostic] = await diagnosticsOf({ "a.ts": "const walk = 1;" });
    expect(diagnostic?.hint).toContain("export async function run(ctx, payload)");
  });

  test("a missing entry is reported", async () => {
    await expect(bundler.bundle({ entry: "b.ts", files: { "a.ts": "" } })).rejects.toMatchObject({
      code: "compile-failed",
      message: expect.stringContaining('no file "b.ts"'),
    });
  });

  test("diagnostics count columns in characters", async () => {
    const [diagnostic] = await diagnosticsOf({ "a.ts": "const é = '→🚚' + ;" });
    expect(diagnostic?.column).toBe("const é = '→🚚' + ;".indexOf(";") + 1);
  });

  test("very long lines are left out of diagnostics", async () => {
    const [diagnostic] = await diagnosticsOf({ "a.ts": `/* ${"long ".repeat(1000)} */ const a = ;` });
    expect(diagnostic).toMatchObject({ line: 1 });
    expect(diagnostic?.lineText).toBeUndefined();
  });

  test("a bundle above the limit is refused with its largest packages and folders", async () => {
    const diagnostics = await diagnosticsOf({
      "a.ts":
        'import client from "@acme/client"; import small from "small"; export const run = () => [client, small];',
      "node_modules/small/index.js": megabytes(1),
      "node_modules/@acme/client/index.js":
        "module.exports = [require('./lib/orders/v1/a'), require('./lib/orders/v2/a'), require('./lib/users/a')];",
      "node_modules/@acme/client/lib/orders/v1/a.js": megabytes(5),
      "node_modules/@acme/client/lib/orders/v2/a.js": megabytes(5),
      "node_modules/@acme/client/lib/users/a.js": megabytes(6),
    });
    expect(diagnostics[0]?.message).toBe(
      `The bundle is 17.0 MiB and the limit is ${maxBundleBytes / 1024 / 1024}.0 MiB`,
    );
    expect(diagnostics[0]?.hint).toMatch(
      /parts are @acme\/client \(16\.0 MiB\), small \(1\.0 MiB\).*folders: lib\/orders \(10\.0 MiB\), lib\/users \(6\.0 MiB\)/,
    );
  });
});

describe("a source that crashes esbuild", () => {
  test("a source that crashes esbuild fails with the exceeded limit and affects no other build", async () => {
    const bomb = `${doubled("x", 70)} export const run = () => E.m70;`;
    const bombs = Array.from({ length: 3 }, (_, index) => workflow({ [`bomb${index}.ts`]: bomb }));
    const sources = [...bombs, workflow({ "a.ts": "export const run = () => 'ran';" })];
    const outcomes = await Promise.allSettled(sources.map(async (source) => await bundler.bundle(source)));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "fulfilled"]);
    const refusal = {
      code: "compile-failed",
      diagnostics: [{ message: expect.stringContaining("its memory limit") }],
    };
    expect(outcomes[0]).toMatchObject({ reason: refusal });
  });

  test.runIf(process.platform === "linux")("an exited esbuild process leaves no zombie", async () => {
    const isolated = createNativeBundler();
    await expect(isolated.bundle(workflow({ "a.ts": "export const run = ;" }))).rejects.toThrow();
    await isolated[Symbol.asyncDispose]();
    expect(await zombiesOf(process.pid)).toEqual([]);
  });

  test("a manifest whose pattern grows with its import cannot exhaust the machine", async () => {
    const manifest = JSON.stringify({ exports: { "./*": `./${"*".repeat(1_000_000)}` } });
    const part = "x".repeat(20_000);
    const source = workflow({
      "a.ts": `import "big/${part}"; export const run = 1;`,
      "node_modules/big/package.json": manifest,
      "node_modules/big/index.js": "",
    });
    await expect(bundler.bundle(source)).rejects.toMatchObject({ code: "compile-failed" });
    expect(await runBundleOf({ "a.ts": "export const run = () => 'ran';" })).toBe("ran");
  });

  test("a computed path finds no file of the machine, however many steps upwards it has", async () => {
    const folder = await mkdtemp(join(tmpdir(), "duranium-computed-"));
    await writeFile(join(folder, "secret.js"), "export default 'secret'");
    const refusals = ["", `${folder.slice(1)}/`, "nowhere/"].map(async (below) => {
      const text = `${doubled("../", 12)} export const run = (x: string) => import(E.m12 + "${below}" + x + ".js");`;
      return await diagnosticsOf({ "a.ts": text });
    });
    for (const [diagnostic] of await Promise.all(refusals)) {
      expect(diagnostic).toMatchObject({ message: "Cannot import a computed path", line: 1 });
    }
    await rm(folder, { recursive: true });
  });
});

describe("the disk", () => {
  test("no file of the disk gets into a bundle: no named source map, and no file of a computed path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "duranium-bundle-"));
    const secret = { version: 3, sources: ["secret.ts"], names: [], mappings: "AAAA" };
    await writeFile(join(folder, "secret.map"), JSON.stringify(secret));
    await writeFile(join(folder, "secret.js"), "export default 'secret'");
    const url = pathToFileURL(join(folder, "secret.map")).href;
    const { sourceMap } = await bundler.bundle(
      workflow({ "a.js": `export const run = () => 1;\n//# sourceMappingURL=${url}` }),
    );
    expect(sourceMap).not.toContain("secret");
    const up = "../".repeat(80);
    const [diagnostic] = await diagnosticsOf({
      "a.js": `export const run = (x) => import("${up}${folder.slice(1)}/" + x + ".js");`,
    });
    expect(JSON.stringify(diagnostic)).not.toContain("secret.js");
    await rm(folder, { recursive: true });
  });
});

/** A CommonJS module of so many MiB. */
function megabytes(count: number): string {
  return `module.exports = ${JSON.stringify("x".repeat(count * 1024 * 1024))};`;
}

/** Each member is as long as two of the one before: esbuild computes them all. */
function doubled(first: string, count: number): string {
  const members = Array.from({ length: count }, (_, index) => `m${index + 1} = m${index} + m${index}`);
  return `enum E { m0 = "${first}", ${members.join(", ")} }`;
}

function workflow(files: Record<string, string>) {
  return { entry: Object.keys(files)[0] ?? "", files };
}

async function runBundleOf(files: Record<string, string>): Promise<unknown> {
  const { code } = await bundler.bundle(workflow(files));
  let exported: { run?: () => unknown } = {};
  const define = (exports: typeof exported) => {
    exported = exports;
  };
  vm.runInNewContext(new TextDecoder().decode(code), {
    __duranium_define: define,
    TextEncoder,
    TextDecoder,
    URL,
  });
  return exported.run?.();
}

async function runInNode(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "duranium-beside-node-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const script = `import { run } from "./${Object.keys(files)[0]}"; process.stdout.write(await run());`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: folder,
  });
  await rm(folder, { recursive: true });
  return stdout;
}

async function diagnosticsOf(files: Record<string, string>): Promise<readonly Diagnostic[]> {
  const error: unknown = await bundler.bundle(workflow(files)).catch((thrown: unknown) => thrown);
  if (error instanceof DuraniumError) return error.diagnostics;
  throw new Error("The bundler took it", { cause: error });
}

/** Processes that have ended, and that their parent has not waited for (proc_pid_stat(5)). */
async function zombiesOf(parent: number): Promise<readonly string[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(
    names.map(async (name) => await readFile(`/proc/${name}/stat`, "utf8").catch(() => "")),
  );
  return stats.filter((stat) => stat.includes(`) Z ${parent} `));
}
