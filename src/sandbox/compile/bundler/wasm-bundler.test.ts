import { globSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type * as EsbuildInBrowsers from "esbuild-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compilerBytes } from "../../../../web/src/preview/compiler-bytes.ts";
import { polyfillFiles } from "../shims/polyfills.ts";
import type { Polyfill } from "../shims/polyfills.ts";
import type { Bundler } from "./bundle.ts";
import { createMemoryBundler } from "./memory-bundler.ts";
import { createMemoryFileSystem } from "./memory-file-system.ts";
import { createNativeBundler, readShims } from "./native-bundler.ts";

const project = fileURLToPath(new URL("../../../..", import.meta.url));
const readPolyfill = async (name: Polyfill): Promise<string> =>
  readFileSync(`${project}/node_modules/${polyfillFiles[name].join("/")}`, "utf8");
const helpers = readFileSync(new URL("../../../guest/context/helpers.ts", import.meta.url), "utf8");

/** What runs in browsers is the same module: it is what it makes that counts. */
describe("esbuild's WebAssembly build", () => {
  const native = createNativeBundler();
  let wasm: Bundler;
  beforeAll(async () => {
    wasm = await createWasmBundler();
  });
  afterAll(async () => {
    await Promise.all([native, wasm].map(async (bundler) => await bundler[Symbol.asyncDispose]()));
  });

  const examples = globSync("examples/*.ts", { cwd: project }).toSorted();
  test.each(examples)(
    "esbuild's WebAssembly build makes the same bundle of %s as its native program",
    async (path) => {
      const entry = basename(path);
      const source = { entry, files: { [entry]: readFileSync(`${project}/${path}`, "utf8") } };
      expect(await wasm.bundle(source)).toEqual(await native.bundle(source));
    },
  );

  test("esbuild's WebAssembly build has the size that the web UI shows while loading it", () => {
    expect(statSync(`${project}/node_modules/esbuild-wasm/esbuild.wasm`).size).toBe(compilerBytes);
  });

  test("esbuild's WebAssembly build makes the same bundle of a workflow that needs Node's modules and globals", async () => {
    const text = 'import { inspect } from "node:util"; export const run = () => inspect(Buffer.from("a"));';
    const source = { entry: "a.ts", files: { "a.ts": text } };
    expect(await wasm.bundle(source)).toEqual(await native.bundle(source));
  });

  test("esbuild's WebAssembly build makes the same bundle of several files, with a package, patterns and non-ASCII text", async () => {
    const files = {
      "flows/main.ts": `import { retry } from "duranium";
        import { half } from "../lib/half";
        import { shout } from "loud";
        import data from "./data.json";
        export const run = async () => [retry, half(2), shout("ü"), data, /\\p{L}+/u.test("é"), "\\u{1f600}"];`,
      "flows/data.json": `{"a": [1, 2]}`,
      "lib/half.ts": `export const half = (n: number): number => n / 2;`,
      "node_modules/loud/package.json": `{"name": "loud", "exports": {"import": "./index.mjs"}}`,
      "node_modules/loud/index.mjs": `export const shout = (text) => text.toUpperCase() + "!";`,
    };
    const source = { entry: "flows/main.ts", files };
    expect(await wasm.bundle(source)).toEqual(await native.bundle(source));
  });

  test("esbuild's WebAssembly build makes the same bundle of packages with folder manifests, names of Node modules, and files without extension", async () => {
    const files = {
      "main.ts": `import { all } from "mapped"; import part from "parted/part"; import { EventEmitter } from "events";
        import { self } from "#self"; export const run = () => [all, part, EventEmitter, self];`,
      "package.json": `{"imports": {"#self": "./lib/self.ts"}}`,
      "lib/self.ts": "export const self = 'self';",
      "node_modules/mapped/package.json": `{"main": "./lib/main", "browser": {"./lib/node/index.js": false}}`,
      "node_modules/mapped/lib/main.js":
        "exports.all = [require('./node'), require('crypto').getFips(), require('./data'), require('events/')];",
      "node_modules/mapped/lib/node/index.js": "module.exports = 'node';",
      "node_modules/mapped/lib/data.json": "[1]",
      "node_modules/parted/package.json": `{"name": "parted"}`,
      "node_modules/parted/part/package.json": `{"main": "../built/part", "module": "../built/part.mjs"}`,
      "node_modules/parted/built/part.mjs": "export default 'part';",
      "node_modules/events/index.js": "exports.EventEmitter = 'from npm';",
    };
    const source = { entry: "main.ts", files };
    const made = await native.bundle(source);
    expect(await wasm.bundle(source)).toEqual(made);
    expect(new TextDecoder().decode(made.code)).not.toContain("MODULE_NOT_FOUND");
  });

  test.each([
    ["a syntax error", "export function run( {"],
    ["a missing import", `import "./nowhere.ts"; export function run() {}`],
    ["a module of Node", `import "node:sqlite"; export function run() {}`],
    ["a computed import", "export const run = (name) => import('../' + name + '.js');"],
    ["no run", "export default function () {}"],
  ])("esbuild's WebAssembly build reports the same error for %s", async (_what, text) => {
    const source = { entry: "a.ts", files: { "a.ts": text } };
    const refusal = async (bundler: Bundler) => await bundler.bundle(source).catch((error) => error);
    const [one, other] = [await refusal(wasm), await refusal(native)];
    expect(one).toMatchObject({ code: other.code, message: other.message, diagnostics: other.diagnostics });
    expect(other.diagnostics).toHaveLength(1);
  });
});

/** As a browser runs it, which has no file system: esbuild's own build for browsers, on this thread. */
async function createWasmBundler(): Promise<Bundler> {
  const fileSystem = createMemoryFileSystem();
  Object.assign(globalThis, { self: globalThis, fs: fileSystem.fs });
  const folder = `${project}/node_modules/esbuild-wasm`;
  const { build, initialize, stop } = (await import(`${folder}/esm/browser.js`)) as typeof EsbuildInBrowsers;
  const wasmModule = await WebAssembly.compile(readFileSync(`${folder}/esbuild.wasm`));
  await initialize({ wasmModule, worker: false });
  return createMemoryBundler({
    build,
    stop: async () => await stop(),
    fileSystem,
    helpers,
    readPolyfill,
    readShims,
  });
}
