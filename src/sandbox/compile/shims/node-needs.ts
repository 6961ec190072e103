import type { BuildOptions, Metafile, OutputFile } from "esbuild";
import { findRequired, requiredAtRunTime } from "./dynamic-require.ts";
import { polyfillModule, polyfillNames } from "./polyfills.ts";
import type { Polyfill } from "./polyfills.ts";
import { nodeGlobals, shimNamespace } from "./resolve-builtin.ts";

/**
 * Globals and modules that a bundle turned out to need, and that require building it again. `inject` alone
 * would not do: in a bundle with CommonJS, esbuild includes everything that is injected, used or not.
 */
export interface Needs {
  /** Free identifiers that Node defines. A mention in a string counts as well, at no cost in the bundle. */
  readonly globals: readonly string[];
  /** Free identifiers of the web platform that the engine lacks, found in the same way. */
  readonly polyfills: readonly Polyfill[];
  /** True if the bundle has an AsyncLocalStorage, whose context follows `await` only in compiled code. */
  readonly hasAsyncContext: boolean;
  /** Node's modules that the bundle may require at run time; `undefined` if it requires nothing. */
  readonly required: readonly string[] | undefined;
}

/** The parts of `Intl` that Node has and the engine lacks, and the modules that implement them. */
const intlSources = {
  "Intl.DurationFormat": "export { DurationFormat as 'Intl.DurationFormat' } from 'intl-duration-format.js';",
  "Intl.Locale": "export { Locale as 'Intl.Locale' } from 'intl-locale.js';",
  "Intl.Segmenter": "export { Segmenter as 'Intl.Segmenter' } from 'intl-segmenter.js';",
};

/** The names of those parts. */
export const suppliedIntl: readonly string[] = Object.keys(intlSources);

/** The modules that provide the free identifiers of Node. */
export const globalSources: ReadonlyMap<string, string> = new Map([
  ["Buffer", "export { Buffer } from 'modules/buffer.js';"],
  ["process", "export { default as process } from 'modules/process.js';"],
  ["DOMParser", "export { DOMParser } from 'dom-parser.js';"],
  ["Node", "export { Node } from 'dom-parser.js';"],
  ["XMLSerializer", "export { XMLSerializer } from 'dom-parser.js';"],
  ...Object.entries(intlSources),
  [
    // Packages use these two to detect a worker of a browser, where FormData is the platform's.
    "WorkerGlobalScope",
    `export class WorkerGlobalScope { static [Symbol.hasInstance](value) { return value === globalThis; } }
globalThis.importScripts ??= () => { throw new Error("Cannot use importScripts in a workflow. Import the script instead"); };`,
  ],
  [
    // Handles of web timers are numbers and have no such method.
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
