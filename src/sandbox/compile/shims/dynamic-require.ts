import { isNodeModule } from "../resolution/node-modules.ts";
import { requiredPrefix } from "./resolve-builtin.ts";

/**
 * Handles names that are required or imported at run time and that esbuild does not see. esbuild calls a
 * helper for them that throws an error without a code. The replacement finds Node's modules, and throws
 * `MODULE_NOT_FOUND` for others, as Node does.
 */

/** The specifier of the module with that function. Names of Node's modules follow it. */
export const requiredAtRunTime = "duranium:required:";

const variable = "__duranium_require";
const helper = /^ {2}var __require = [^]*?^ {2}\}\);$/m;

/**
 * @returns names of Node's modules that a bundle may require at run time; `undefined` if it requires nothing
 */
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
  const message = "Cannot find module '" + name + "': only modules in the bundle of this workflow can be required at run time. Import it by a literal name";
  throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}
${variable}.resolve = (name) => (find(name) === undefined ? ${variable}(name) : name);
${variable}.cache = {};
`;
}

/** The number of lines does not change, because the helper has no place in the source map. */
export function withRequired(code: string): string {
  return code.replace(helper, (text) => text.replaceAll(/\brequire\b/g, variable));
}
