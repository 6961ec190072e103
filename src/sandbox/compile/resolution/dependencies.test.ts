import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNativeBundler } from "../bundler/native-bundler.ts";

const packages = {
  "greeting/package.json": '{"version":"1.2.3","main":"main.js","browser":{"./node.js":"./web.js"}}',
  "greeting/main.js": 'require("fs"); exports.greet = () => require("./node.js") + require("@scope/name");',
  "greeting/node.js": "module.exports = 'hello '",
  "greeting/web.js": "module.exports = 'web'",
  "@scope/name/package.json": '{"version":"2.0.0"}',
  "@scope/name/index.js": "module.exports = 'you'",
  "probing/package.json": '{"version":"1.0.0"}',
  "probing/index.js": `
    exports.found = []; for (const find of [() => require("node:sqlite"), () => require("not-installed")])
      try { exports.found.push(find()); } catch ({ code }) { exports.found.push(code); }`,
  "static/package.json": '{"version":"1.0.0"}',
  "static/index.js": 'import sqlite from "node:sqlite"; export const found = sqlite;',
  "unused/package.json": '{"version":"1.0.0","sideEffects":false}',
  "unused/index.js": 'export * from "./a.js"; export * from "./b.js";',
  "unused/a.js": "export const a = 'kept'",
  "unused/b.js": "globalThis.left = 'left out'; export const b = 1",
};

let folder: string;
let bundler: ReturnType<typeof createNativeBundler>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duranium-packages-"));
  for (const [path, text] of Object.entries(packages)) await write(`node_modules/${path}`, text);
  await write("secret/index.js", "export const secret = 'read'");
  await write("secret/package.json", '{"version":"1.0.0"}');
  await symlink(join(folder, "secret"), join(folder, "node_modules/linked"));
  bundler = createNativeBundler({ packagesDir: join(folder, "node_modules") });
});
afterAll(async () => {
  await bundler[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("dependencies", () => {
  test("dependencies and their own dependencies are taken from the installation's packages, as in Node", async () => {
    const source = 'import { greet } from "greeting"; export const run = () => greet();';
    expect(await runBundle(source, { greeting: "1.2.3" })).toBe("hello you");
  });

  test("dependencies that look for Node or for missing packages fail only when that code runs", async () => {
    const source = 'import { found } from "probing"; export const run = () => found.join();';
    expect(await runBundle(source, { probing: "1.0.0" })).toBe("MODULE_NOT_FOUND,MODULE_NOT_FOUND");
  });

  test("unused code of packages without side effects is left out", async () => {
    const source = 'import { a } from "unused"; export const run = () => a;';
    expect(await bundle(source, { unused: "1.0.0" })).not.toContain("left out");
  });

  test("packages in the request take precedence over the installation's", async () => {
    const own = { "node_modules/greeting/index.js": "exports.greet = () => 'mine'" };
    const source = 'import { greet } from "greeting"; export const run = () => greet();';
    expect(await runBundle(source, { greeting: "1.2.3" }, own)).toBe("mine");
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["of another version", { greeting: "1.2.4" }, '"greeting" 1.2.4: this installation has 1.2.3', '"1.2.3"'],
    [
      "that is not installed",
      { absent: "1.0.0" },
      '"absent": this installation does not provide it',
      "ask the operator",
    ],
    [
      "that are links out of the folder",
      { linked: "1.0.0" },
      '"linked": this installation does not provide it',
      "ask the operator",
    ],
    ["that need Node", { static: "1.0.0" }, 'Cannot import "node:sqlite"', "web platform"],
  ])("%s are refused", async (_, dependencies, message, hint) => {
    const [name = ""] = Object.keys(dependencies);
    const source = `import * as all from "${name}"; export const run = () => all;`;
    await expect(bundle(source, dependencies)).rejects.toMatchObject({
      code: "compile-failed",
      diagnostics: [{ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }],
    });
  });

  test("dependencies give no access to other files", async () => {
    const source = 'import { secret } from "../secret/index.js"; export const run = () => secret;';
    await expect(bundle(source, { greeting: "1.2.3" })).rejects.toMatchObject({ code: "compile-failed" });
    const beneath = 'export { secret as run } from "./node_modules/../../secret/index.js";';
    await expect(bundle(beneath, { greeting: "1.2.3" })).rejects.toMatchObject({ code: "compile-failed" });
  });

  test("dependencies are refused if the installation provides no packages", async () => {
    await using closed = createNativeBundler();
    const source = {
      entry: "a.ts",
      files: { "a.ts": "export const run = 1;" },
      dependencies: { zod: "4.6.7" },
    };
    await expect(closed.bundle(source)).rejects.toMatchObject({
      code: "compile-failed",
      diagnostics: [{ message: 'Cannot supply "zod": this installation provides no packages' }],
    });
  });

  test("a module of Node takes precedence over a package of its name, unless the specifier ends with a slash", async () => {
    const own = { "node_modules/process/index.js": "module.exports = 'from npm'" };
    expect(await runBundle(importing("process"), {}, own)).toMatch(/^string/);
    expect(await runBundle(importing("process/"), {}, own)).toBe("undefinedfrom npm");
  });

  test("packages that the author does not name are not available", async () => {
    await expect(bundle('import "greeting"; export const run = 1;')).rejects.toMatchObject({
      diagnostics: [{ hint: expect.stringContaining('"dependencies"') }],
    });
  });
});

function importing(name: string): string {
  return `import imported from "${name}"; export const run = () => typeof imported.version + imported;`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function bundle(
  source: string,
  dependencies: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<string> {
  const { code } = await bundler.bundle({ entry: "a.ts", files: { "a.ts": source, ...files }, dependencies });
  return new TextDecoder().decode(code);
}

async function runBundle(...args: Parameters<typeof bundle>): Promise<unknown> {
  let exported: { run?: () => unknown } = {};
  const define = (exports: typeof exported) => {
    exported = exports;
  };
  vm.runInNewContext(await bundle(...args), { __duranium_define: define });
  return exported.run?.();
}
