import type { OnResolveResult } from "esbuild";
import { isNodeModule } from "../resolution/node-modules.ts";

export const shimNamespace = "node-compat";

/** How `require` finds a module, which wants the module itself and no namespace of its exports. */
export const requiredPrefix = "require:";

/** The file of free identifiers such as `Buffer`, whose names come behind it. */
export const nodeGlobals = "duranium:node-globals:";

/** The file of the environment, which is empty. Its name mentions no global, as that would count as a use of it. */
export const processEnv = "duranium:environment";

/** Node's own insides, and what only its own programs import. */
const withoutStandIn = /^(?:_|ffi$|sea$|sqlite$|test(?:\/|$))/;

/**
 * The module that stands in the place of one of Node's, in the bundle's own code.
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
