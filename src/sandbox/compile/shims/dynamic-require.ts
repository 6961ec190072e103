import { isNodeModule } from "../resolution/node-modules.ts";
import { requiredPrefix } from "./resolve-builtin.ts";

/**
 * What is required, or imported, by a name that esbuild does not see: it calls a helper of its own, which only throws an error
 * without a code. In Node, Node's modules are found by that, and for all others the error is `MODULE_NOT_FOUND`.
 */

/** The file of the function that does so. Names of Node's modules come behind it. */
export const requiredAtRunTime = "duranium:required:";

const variable = "__duranium_require";
const helper = /^ {2}var __require = [^]*?^ {2}\}\);$/m;

/** @returns names of Node's modules that a bundle seems to ask for when it runs; `undefined` where it asks for nothing */
export function findRequired(code: string): readonly string[] | undefined {
  if (!helper.test(code)) return undefined;
  const mentions = [
    ...code.matchAll(/(?:require|import|load)[\w$]*\(\s*["'`](?:node:)?([a-z_/0-9]+)["'`]\s*\)/gi),
    ...code.matchAll(/["'`]node:([a-z_/0-9]+)["'`]/g),
  ];
  const names = new Set(mentions.map(([, name = ""]) => name));
  return [...names].filter((name) => isNodeModule(name) && !name.startsWith("_")).toSorted();
}

export function requiredModule(names: readonly string[]): string {
  const cases = names.map((name) => `case "${name}": return require("${requiredPrefix}${name}");`);
  return `function find(name) { switch (String(name).replace(/^node:/, "")) { ${cases.join(" ")} } }
export function ${variable}(name) {
  const found = find(name);
  if (found !== undefined) return found;
  const message = "Cannot find module '" + name + "': what is not in the bundle of this workflow cannot be required when it runs. Import it by its name";
  throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}
${variable}.resolve = (name) => (find(name) === undefined ? ${variable}(name) : name);
${variable}.cache = {};
`;
}

/** Lines stay what they are: the helper has no place in the source map. */
export function withRequired(code: string): string {
  return code.replace(helper, (text) => text.replaceAll(/\brequire\b/g, variable));
}
