import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxDeployFiles } from "../../src/api/contract/limits.ts";
import { testKey } from "../../src/api/testing/in-memory-services.ts";
import { readProblem, testApi } from "../../src/api/testing/test-api.ts";
import { DuraniumError } from "../../src/domain/errors.ts";
import type { WorkflowSource } from "../../src/domain/workflow.ts";
import { createNativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";

/** A deploy passes the author's text to a bundler on the operator's machine, which must not read any of its files. */

const secretWord = "the-machine's-own-word";
const run = "export const run = () => 1;\n";

let folder: string;
let inside: string;
const bundler = createNativeBundler();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duranium-deploy-"));
  inside = folder.slice(1);
  await writeFile(join(folder, "word.js"), `export default ${JSON.stringify(secretWord)};`);
  await writeFile(join(folder, "word.json"), JSON.stringify({ secretWord }));
  await writeFile(join(folder, "word.txt"), secretWord);
  const map = {
    version: 3,
    sources: [secretWord],
    sourcesContent: [secretWord],
    names: [],
    mappings: "AAAA",
  };
  await writeFile(join(folder, "word.map"), JSON.stringify(map));
});
afterAll(async () => {
  await bundler[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The bundle with its source map, or the error. */
async function bundled(files: Record<string, string>, more: Partial<WorkflowSource> = {}) {
  const [entry = ""] = Object.keys(files);
  try {
    const { code, sourceMap } = await bundler.bundle({ entry, files, ...more });
    return { code: new TextDecoder().decode(code), sourceMap };
  } catch (error) {
    if (error instanceof DuraniumError && error.status === 422)
      return { refused: JSON.stringify(error.diagnostics) };
    throw error;
  }
}

/** The files of the machine, but for their extensions; the folder is known once it is made. */
const at = () => `/${inside}/word`;

describe("no file of the machine appears in a bundle or message if it is imported", () => {
  const up = "../".repeat(90);
  const ways: readonly [way: string, source: () => string][] = [
    ["by its path", () => `import word from "${at()}.js"; export const w = word;`],
    ["by its path as text", () => `import word from "${at()}.txt"; export const w = word;`],
    ["by its path as JSON", () => `import word from "${at()}.json"; export const w = word;`],
    ["by a path upwards", () => `import word from "${up}${inside}/word.js"; export const w = word;`],
    [
      "by an encoded path upwards",
      () => `import word from "./%2e%2e/${up}${inside}/word.js"; export const w = word;`,
    ],
    [
      "by a path with backslashes",
      () => `import word from "..\\\\..\\\\..${at()}.js"; export const w = word;`,
    ],
    ["by a path with a null", () => `import word from "${at()}.js\\0.ts"; export const w = word;`],
    [
      "by a file: URL",
      () => `import word from "${pathToFileURL(`${at()}.js`).href}"; export const w = word;`,
    ],
    [
      "with attributes",
      () => `import word from "${at()}.json" with { type: "json" }; export const w = word;`,
    ],
    ["as bytes", () => `import word from "${at()}.txt" with { type: "bytes" }; export const w = word;`],
    ["by require", () => `export const w = require("${at()}.js");`],
    ["by require.resolve", () => `export const w = require.resolve("${at()}.js");`],
    ["by import()", () => `export const w = import("${at()}.js");`],
    ["by a computed import()", () => `export const w = (x) => import("${up}${inside}/" + x + ".js");`],
    ["by a template", () => `export const w = (x) => import(\`${up}${inside}/\${x}.js\`);`],
    ["by a computed require", () => `export const w = (x) => require("${up}${inside}/" + x);`],
    ["by a URL beside it", () => `export const w = new URL("${at()}.js", import.meta.url);`],
    ["by a worker", () => `export const w = () => new Worker("${at()}.js");`],
    ["by a source map", () => `//# sourceMappingURL=${pathToFileURL(`${at()}.map`).href}`],
    ["by a source map's path", () => `//# sourceMappingURL=${at()}.map`],
    ["by an old source map", () => `//@ sourceMappingURL=${at()}.map`],
    ["by a source map in a comment", () => `/*# sourceMappingURL=${at()}.map */`],
    ["by a reference", () => `/// <reference path="${at()}.js" />`],
    ["by export from", () => `export * from "${at()}.js";`],
    ["by a data: URL that imports it", () => `import "data:text/javascript,import '${at()}.js'";`],
  ];

  test.each(ways)("%s", async (_way, source) => {
    for (const name of ["a.ts", "a.js", "a.tsx"]) {
      const told = await bundled({ [name]: `${run}${source()}` });
      expect(JSON.stringify(told)).not.toContain(secretWord);
    }
  });

  test.each([
    ["tsconfig.json", { extends: "/etc/passwd", compilerOptions: { paths: { "*": ["/*"] }, baseUrl: "/" } }],
    ["tsconfig.json", { compilerOptions: { paths: { "*": ["/*"] }, baseUrl: "/" } }],
    ["jsconfig.json", { compilerOptions: { baseUrl: "/" } }],
    [
      "package.json",
      { imports: { "#word": "/WORD.js", "#up": "./../../../WORD.js" }, browser: { word: "/WORD.js" } },
    ],
  ])("by a %s of the request", async (name, settings) => {
    const text = JSON.stringify(settings).replaceAll("/WORD", `/${inside}/word`);
    for (const specifier of ["#word", "#up", "word", `${inside}/word.js`]) {
      const told = await bundled({
        "a.ts": `import word from "${specifier}"; export const w = word; ${run}`,
        [name]: text,
      });
      expect(told.refused).toMatch(/Cannot find|Cannot read tsconfig\.json/);
      expect(JSON.stringify(told)).not.toContain(secretWord);
    }
  });

  test("through fields of a package.json", async () => {
    const word = `${up}${inside}/word.js`;
    for (const manifest of [
      { main: word },
      { module: word },
      { browser: word },
      { browser: { "./index.js": word } },
      { exports: word },
      { exports: { ".": { default: `./${word}` } } },
      { exports: { "./*": `./${word}` } },
    ]) {
      const files = {
        "a.ts": `import x from "p"; export const w = x; ${run}`,
        "node_modules/p/package.json": JSON.stringify(manifest),
      };
      expect(JSON.stringify(await bundled(files))).not.toContain(secretWord);
    }
  });

  test("through a JSX comment", async () => {
    const told = await bundled({
      "a.tsx": `/** @jsxRuntime automatic */ /** @jsxImportSource ${up}${inside} */\n${run}export const w = <word />;`,
    });
    expect(told.refused).toMatch(/Cannot (find|import)/);
  });
});

test("a deploy does not reveal which files exist: the message is the same for an existing and a missing file", async () => {
  const up = "../".repeat(90);
  const said = await Promise.all(
    ["word", "none", "wor", ""].flatMap((name) =>
      ["import", "require"].map(async (call) => {
        const { refused = "taken" } = await bundled({
          "a.js": `export const run = (x) => ${call}("${up}${inside}/${name}" + x);`,
        });
        return JSON.stringify((JSON.parse(refused) as { message: string }[]).map(({ message }) => message));
      }),
    ),
  );
  expect(new Set(said)).toEqual(new Set(['["Cannot import a computed path"]']));
});

test("no notation of a parent directory leaves the project", async () => {
  const steps = ["../", "..\\/", "\\x2e./", ".\\u002e\\u002f", "..\\57", `." + "." + "/`, `." + "./`];
  for (const step of steps) {
    const { refused = "taken" } = await bundled({
      "a.js": `export const run = (x) => import("./" + "${step.repeat(90)}${inside}/none" + x);`,
    });
    expect(refused).toContain("Cannot import a computed path");
  }
});

test("no bundle contains the environment of the process", async () => {
  process.env["DURANIUM_TEST_WORD"] = secretWord;
  const told = await bundled({
    "a.ts": `${run}export const w = [process.env.DURANIUM_TEST_WORD, process.env["HOME"], import.meta.env, __filename, __dirname];`,
  });
  delete process.env["DURANIUM_TEST_WORD"];
  expect(JSON.stringify(told)).not.toContain(secretWord);
  expect(told.code).not.toContain(process.cwd());
});

test("a deploy writes no file besides its artifacts", async () => {
  const before = await readdir(folder, { recursive: true });
  await bundled({ [`${inside}/out.ts`]: run, "a.ts": run });
  await bundled({ "a.ts": `${run}//# sourceMappingURL=${folder}/out.js.map` });
  expect(await readdir(folder, { recursive: true })).toEqual(before);
  expect(await readdir("/")).not.toContain("workflow.js");
});

describe("the packages of an operator", () => {
  test("are restricted to their folder, without links to the outside and hidden files", async () => {
    const packagesDir = join(folder, "node_modules");
    await mkdir(join(packagesDir, "p"), { recursive: true });
    await writeFile(join(packagesDir, "p", "package.json"), '{"version":"1.0.0"}');
    await writeFile(join(packagesDir, "p", "index.js"), "export default 'p'");
    await writeFile(join(packagesDir, ".package-lock.json"), JSON.stringify({ resolved: secretWord }));
    await symlink(join(folder, "word.json"), join(packagesDir, "p", "link.json"));
    await symlink(folder, join(packagesDir, "out"));
    await using supplied = createNativeBundler({ packagesDir });
    const bundleWith = async (specifier: string) => {
      const text = `import x from "${specifier}"; export const w = x; ${run}`;
      const source = { entry: "a.ts", files: { "a.ts": text }, dependencies: { p: "1.0.0" } };
      return await supplied.bundle(source).then(({ code }) => new TextDecoder().decode(code), String);
    };
    expect(await bundleWith("p")).toContain("'p'".replaceAll("'", '"'));
    for (const specifier of [
      "p/link.json",
      "p/../../word.json",
      "p/../.package-lock.json",
      "./node_modules/../word.json",
      "./node_modules/.package-lock.json",
      "./node_modules/out/word.json",
      "out/word.json",
    ]) {
      const told = await bundleWith(specifier);
      expect(told).toContain("Cannot find");
      expect(told).not.toContain(secretWord);
    }
  });
});

describe("files of a deploy", () => {
  const hostileNames = [
    "../a.ts",
    "a/../../b.ts",
    "/etc/passwd",
    "C:/a.ts",
    "a\\b.ts",
    "a\u0000.ts",
    "a\n.ts",
    "./a.ts",
    "a//b.ts",
    "a/",
    "..",
    "__proto__",
    "lib/__proto__/a.ts",
    "",
    "x".repeat(300),
  ];

  test.each(hostileNames)("cannot have the name %j", async (name) => {
    const problem = await deploy({ files: { "workflow.ts": run, [name]: "" }, entry: "workflow.ts" });
    expect(problem).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test.each([
    "\u202egnp.ts",
    "\ud800.ts",
    "constructor",
    "é.ts",
    "e\u0301.ts",
    "%2e%2e/a.ts",
    "🚚.ts",
    "a b.ts",
    "~/a.ts",
    "$HOME.ts",
    "-rf.ts",
  ])("can have the name %j, by which imports find them", async (name) => {
    const told = await bundled({
      "a.ts": `import ${JSON.stringify(`./${name}`)}; ${run}`,
      [name]: "globalThis.seen = 1;",
    });
    expect(told.refused ?? told.code).toMatch(/seen|Cannot (find|import)|no file/);
  });

  test("are limited in number", async () => {
    expect(await deploy({ files: filesOf(maxDeployFiles), entry: "f0.ts" })).toMatchObject({ version: 1 });
    expect(await deploy({ files: filesOf(maxDeployFiles + 1), entry: "f0.ts" })).toMatchObject({
      status: 400,
    });
  });

  test("of JSON and text are plain data, whatever their keys", async () => {
    const { code = "" } = await bundled({
      "a.ts": `import data from "./data.json"; import text from "./text.txt"; export const run = () => [Object.hasOwn(data, "__proto__"), ({}).polluted, text];`,
      "data.json": '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
      "text.txt": "</script>\u2028`${polluted}`//# sourceMappingURL=x\u0000",
    });
    expect(runOf(code)).toEqual([
      true,
      undefined,
      "</script>\u2028`${polluted}`//# sourceMappingURL=x\u0000",
    ]);
  });

  test.each(["a.wasm", "a.node", "a.css", "a.html", "a.sh", "Makefile", "a.ts.exe", ".npmrc", ".env"])(
    "of unknown kinds, such as %s, cannot be imported",
    async (name) => {
      const told = await bundled({
        "a.ts": `import x from "./${name}"; export const w = x; ${run}`,
        [name]: "\u0000asm\u0001",
      });
      expect(told.refused).toContain("files of this type are not supported");
    },
  );
});

/** The given number of files; the first is the workflow. */
function filesOf(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `f${index}.ts`);
  return Object.fromEntries(names.map((name) => [name, name === "f0.ts" ? run : ""]));
}

async function deploy(json: object): Promise<unknown> {
  const { app } = testApi();
  const response = await app.request("/workflows/order-sync/deploy", {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    body: JSON.stringify(json),
  });
  return response.ok ? await response.json() : await readProblem(response);
}

function runOf(code: string): unknown {
  let exported: { run?: () => unknown } = {};
  const define = (exports: typeof exported) => {
    exported = exports;
  };
  vm.runInNewContext(code, { __duranium_define: define });
  return structuredClone(exported.run?.());
}
