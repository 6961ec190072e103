/**
 * Facts about the version of Node that the modules follow, from `node-exports.json`. They are defined when the
 * modules are bundled.
 */
declare const NODE_VERSION: string;
declare const NODE_MODULES: readonly string[];

export const nodeVersion = NODE_VERSION;
export const nodeModules = NODE_MODULES;
