import type { OnResolveResult } from "esbuild";

/**
 * The module that stands in for one of Node's own in a bundle.
 *
 * @param _name without `node:`
 * @param _isRequire whether it is required, which asks for CommonJS exports
 * @returns `undefined` for a module that has no stand-in
 */
export function resolveBuiltin(_name: string, _isRequire: boolean): OnResolveResult | undefined {
  return undefined;
}
