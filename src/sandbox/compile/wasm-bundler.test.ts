import { globSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild-wasm";
import { afterAll, describe, expect, test } from "vitest";
import { compilerBytes } from "../../../web/src/preview/compiler-bytes.ts";
import { createBundler } from "./bundle.ts";
import { createNativeBundler } from "./native-bundler.ts";

const project = fileURLToPath(new URL("../../..", import.meta.url));
const helpers = readFileSync(new URL("../../guest/helpers.ts", import.meta.url), "utf8");

/** What runs in browsers is the same module: it is what it makes that counts. */
describe("esbuild's WebAssembly makes the bundle that its own program makes", () => {
  const native = createNativeBundler();
  const wasm = createBundler({
    program: { build, stop },
    collectFiles: ({ files }) => ({ files: new Map(Object.entries(files)), problems: [] }),
    readHelpers: async () => helpers,
  });
  afterAll(async () => {
    await Promise.all([native, wasm].map(async (bundler) => await bundler[Symbol.asyncDispose]()));
  });

  const examples = globSync("examples/*.ts", { cwd: project }).toSorted();
  test.each(examples)("of %s", async (path) => {
    const entry = basename(path);
    const source = { entry, files: { [entry]: readFileSync(`${project}/${path}`, "utf8") } };
    expect(await wasm.bundle(source)).toEqual(await native.bundle(source));
  });

  test("and is as long as the page says while it loads it", () => {
    expect(statSync(`${project}/node_modules/esbuild-wasm/esbuild.wasm`).size).toBe(compilerBytes);
  });

  test("of several files, with a package, patterns and text beyond ASCII", async () => {
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

  test.each([
    ["a syntax error", "export function run( {"],
    ["a missing import", `import "./nowhere.ts"; export function run() {}`],
    ["a module of Node", `import "node:fs"; export function run() {}`],
    ["no run", "export default function () {}"],
  ])("or says the same of %s", async (_what, text) => {
    const source = { entry: "a.ts", files: { "a.ts": text } };
    const refusal = async (bundler: typeof native) => await bundler.bundle(source).catch((error) => error);
    const [one, other] = [await refusal(wasm), await refusal(native)];
    expect(one).toMatchObject({ code: other.code, message: other.message, diagnostics: other.diagnostics });
    expect(other.diagnostics).toHaveLength(1);
  });
});
