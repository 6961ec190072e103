/**
 * Node's modules for workflows, bundled from `src/node-compat`: ES modules that import each other by relative
 * paths.
 */
export interface ShimFiles {
  /** Texts by path: `modules/buffer.js`, `unavailable.js`, `chunk-….js`. */
  readonly texts: Readonly<Record<string, string>>;
  /** The exports of the replacements of Node's modules, by path. */
  readonly exports: Readonly<Record<string, readonly string[]>>;
  /** The exports of Node's own modules, by name. */
  readonly node: Readonly<Record<string, NodeModuleExports>>;
}

export interface NodeModuleExports {
  readonly functions: readonly string[];
  /** Names of exports that are neither functions nor constants. */
  readonly others: readonly string[];
  /** Constants, which are JSON. */
  readonly values: Readonly<Record<string, unknown>>;
}

export type ReadShims = () => Promise<ShimFiles>;

/** `modules/stream-promises.js` for `stream/promises`. */
export function shimPath(name: string): string {
  return `modules/${name.replaceAll("/", "-")}.js`;
}
