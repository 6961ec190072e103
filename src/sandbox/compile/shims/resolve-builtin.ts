import type { OnResolveResult } from "esbuild";
import { isNodeModule } from "../resolution/node-modules.ts";

export const shimNamespace = "node-compat";

/** The prefix for `require` of a module, which needs the module itself and not a namespace of its exports. */
export const requiredPrefix = "require:";

/** The prefix of the module for free identifiers such as `Buffer`, whose names follow it. */
export const nodeGlobals = "duranium:node-globals:";

/**
 * The module of the environment, which is empty. Its name mentions no global, because that would count as a
 * use.
 */
export const processEnv = "duranium:environment";

/** Node's internals, and modules that only its own programs import. */
const withoutStandIn = /^(?:_|ffi$|sea$|sqlite$|test(?:\/|$))/;

/**
 * Resolves a built-in module of Node to its replacement in the bundle.
 *
 * @param name without `node:`
 */
export function resolveBuiltin(name: string, isRequire: boolean): OnResolveResult | undefined {
  if (!isNodeModule(name) || withoutStandIn.test(name)) return undefined;
  return {
    path: isRequire ? `${requiredPrefix}${name}` : name,
    namespace: shimNamespace,
    sideEffects: false,
  };
}
