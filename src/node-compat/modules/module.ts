/** `node:module`: what is there was bundled, so nothing is found at run time. */
import { nodeModules } from "../node-facts.ts";
import { unavailableError } from "../unavailable.ts";

export const builtinModules = nodeModules;

export function isBuiltin(name: string): boolean {
  return builtinModules.includes(name.replace(/^node:/, ""));
}

/** @returns a `require` that finds nothing, and says so with the code that packages expect */
export function createRequire(): (name: string) => never {
  return Object.assign(failToRequire, { resolve: failToRequire, cache: {}, main: undefined });
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
