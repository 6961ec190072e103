import type { BuildOptions, Metafile, OutputFile } from "esbuild";
import { nodeGlobals, shimNamespace } from "./resolve-builtin.ts";

/** What a bundle was found to need of Node, which can be given to it only by making it again. */
export interface NodeNeeds {
  /** Free identifiers that mean something in Node. A mention in a string counts too, and costs nothing in the bundle. */
  readonly globals: readonly string[];
  /** Whether it has an AsyncLocalStorage, which follows `await` where that is compiled. */
  readonly hasAsyncContext: boolean;
}

/** Where the free identifiers that Node has come from. */
export const globalSources: ReadonlyMap<string, string> = new Map([
  ["Buffer", "export { Buffer } from 'modules/buffer.js';"],
  ["process", "export { default as process } from 'modules/process.js';"],
  ["DOMParser", "export { DOMParser } from 'dom-parser.js';"],
  ["Node", "export { Node } from 'dom-parser.js';"],
  ["XMLSerializer", "export { XMLSerializer } from 'dom-parser.js';"],
  [
    // By these two a package knows that it runs in a worker of a browser, where FormData is the platform's.
    "WorkerGlobalScope",
    `export class WorkerGlobalScope { static [Symbol.hasInstance](value) { return value === globalThis; } }
globalThis.importScripts ??= () => { throw new Error("Cannot use importScripts in a workflow: import the script"); };`,
  ],
  [
    // Handles of the web's timers are numbers, and have no such method.
    "unref",
    "export { setTimeout, setInterval, setImmediate } from 'modules/timers.js';",
  ],
]);

export function findNodeNeeds(
  outputs: readonly OutputFile[],
  { inputs, outputs: written }: Metafile,
): NodeNeeds {
  const code = outputs.find(({ path }) => path.endsWith(".js"))?.text ?? "";
  const used = Object.keys(inputs).filter((path) =>
    Object.values(written).some((output) => (output.inputs[path]?.bytesInOutput ?? 0) > 0),
  );
  return {
    globals: [...globalSources.keys()].filter((name) => new RegExp(String.raw`\b${name}\b`).test(code)),
    hasAsyncContext: used.includes(`${shimNamespace}:modules/async_hooks.js`),
  };
}

export function isNeeded({ globals, hasAsyncContext }: NodeNeeds): boolean {
  return globals.length > 0 || hasAsyncContext;
}

/** @param options of the build that found the needs */
export function optionsFor<Options extends BuildOptions>(
  options: Options,
  { globals, hasAsyncContext }: NodeNeeds,
): Options {
  const compiled = { "async-await": false, "async-generator": false, "for-await": false };
  return {
    ...options,
    inject: [
      ...(options.inject ?? []),
      ...(globals.length === 0 ? [] : [`${nodeGlobals}${globals.join(",")}`]),
    ],
    supported: { ...options.supported, ...(hasAsyncContext ? compiled : {}) },
  };
}
