import type { BuildOptions, Metafile, OutputFile } from "esbuild";
import { findRequired, requiredAtRunTime } from "./dynamic-require.ts";
import { polyfillModule, polyfillNames } from "./polyfills.ts";
import type { Polyfill } from "./polyfills.ts";
import { nodeGlobals, shimNamespace } from "./resolve-builtin.ts";

/**
 * What a bundle was found to need, which can be given to it only by making it again. `inject` alone would not do: where a
 * bundle has CommonJS, esbuild includes all that is injected, used or not.
 */
export interface Needs {
  /** Free identifiers that mean something in Node. A mention in a string counts too, and costs nothing in the bundle. */
  readonly globals: readonly string[];
  /** Free identifiers of the web that the engine lacks, likewise. */
  readonly polyfills: readonly Polyfill[];
  /** Whether it has an AsyncLocalStorage, which follows `await` where that is compiled. */
  readonly hasAsyncContext: boolean;
  /** Node's modules that it may ask for when it runs; `undefined` where it asks for nothing. */
  readonly required: readonly string[] | undefined;
}

/** What `Intl` has in Node and not in the engine, and the modules that it comes from. */
const intlSources = {
  "Intl.DurationFormat": "export { DurationFormat as 'Intl.DurationFormat' } from 'intl-duration-format.js';",
  "Intl.Locale": "export { Locale as 'Intl.Locale' } from 'intl-locale.js';",
  "Intl.Segmenter": "export { Segmenter as 'Intl.Segmenter' } from 'intl-segmenter.js';",
};

/** The names of those. */
export const suppliedIntl: readonly string[] = Object.keys(intlSources);

/** Where the free identifiers that Node has come from. */
export const globalSources: ReadonlyMap<string, string> = new Map([
  ["Buffer", "export { Buffer } from 'modules/buffer.js';"],
  ["process", "export { default as process } from 'modules/process.js';"],
  ["DOMParser", "export { DOMParser } from 'dom-parser.js';"],
  ["Node", "export { Node } from 'dom-parser.js';"],
  ["XMLSerializer", "export { XMLSerializer } from 'dom-parser.js';"],
  ...Object.entries(intlSources),
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

export function findNeeds(outputs: readonly OutputFile[], { inputs, outputs: written }: Metafile): Needs {
  const code = outputs.find(({ path }) => path.endsWith(".js"))?.text ?? "";
  const used = Object.keys(inputs).filter((path) =>
    Object.values(written).some((output) => (output.inputs[path]?.bytesInOutput ?? 0) > 0),
  );
  const isMentioned = (name: string) => new RegExp(String.raw`\b${RegExp.escape(name)}\b`).test(code);
  const required = findRequired(code);
  return {
    globals: [...globalSources.keys()].filter(isMentioned),
    polyfills: polyfillNames.filter(isMentioned),
    hasAsyncContext:
      used.includes(`${shimNamespace}:modules/async_hooks.js`) || required?.includes("async_hooks") === true,
    required,
  };
}

export function isNeeded({ globals, polyfills, hasAsyncContext, required }: Needs): boolean {
  return globals.length > 0 || polyfills.length > 0 || hasAsyncContext || required !== undefined;
}

/** @param options of the build that found the needs */
export function optionsFor<Options extends BuildOptions>(
  options: Options,
  { globals, polyfills, hasAsyncContext, required }: Needs,
): Options {
  const compiled = { "async-await": false, "async-generator": false, "for-await": false };
  return {
    ...options,
    inject: [
      ...(options.inject ?? []),
      ...polyfills.map(polyfillModule),
      ...(globals.length === 0 ? [] : [`${nodeGlobals}${globals.join(",")}`]),
      ...(required === undefined ? [] : [`${requiredAtRunTime}${required.join(",")}`]),
    ],
    supported: { ...options.supported, ...(hasAsyncContext ? compiled : {}) },
  };
}
