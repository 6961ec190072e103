/** `node:module`: all modules are bundled, so none can be found at run time. */
import { nodeModules } from "../node-facts.ts";
import { unavailableError } from "../unavailable.ts";

export const builtinModules = nodeModules;

export function isBuiltin(name: string): boolean {
  return builtinModules.includes(name.replace(/^node:/, ""));
}

/**
 * @param file the function that a bundle has in place of `import.meta.url`. It finds the modules that the file
 *   requires by name
 * @returns a `require`. Without such a function it finds no module, and fails with the code that packages expect
 */
export function createRequire(file?: unknown): (name: string) => unknown {
  const find = typeof file === "function" ? (file as (name: string) => unknown) : failToRequire;
  const resolve = (name: string): string => (isBuiltin(name) ? name : failToRequire(name));
  return Object.assign((name: string) => find(name), { resolve, cache: {}, main: undefined });
}

function failToRequire(name: string): never {
  throw Object.assign(unavailableError("module", `require("${name}")`), { code: "MODULE_NOT_FOUND" });
}

export function syncBuiltinESMExports(): void {}
export const findSourceMap = (): undefined => undefined;

function Module(): never {
  throw unavailableError("module", "Module");
}

export default Object.assign(Module, {
  Module,
  builtinModules,
  createRequire,
  findSourceMap,
  isBuiltin,
  syncBuiltinESMExports,
  _extensions: {},
  _cache: {},
});
