import { build, initialize, stop } from "esbuild-wasm";
// oxlint-disable-next-line import/default -- Vite hands it over as text
import helpers from "../../../src/guest/context/helpers.ts?raw";
import { refused } from "../../../src/sandbox/compile/bundler/bundle.ts";
import type { Bundler } from "../../../src/sandbox/compile/bundler/bundle.ts";
import { createMemoryBundler } from "../../../src/sandbox/compile/bundler/memory-bundler.ts";
import { createMemoryFileSystem } from "../../../src/sandbox/compile/bundler/memory-file-system.ts";

/** The bundler of deploys, with esbuild as WebAssembly on this thread. It makes the same bytes. */
export function createBrowserBundler(esbuild: WebAssembly.Module): Bundler {
  const fileSystem = createMemoryFileSystem();
  // esbuild looks for it there when it starts.
  Object.assign(globalThis, { fs: fileSystem.fs });
  let running: Promise<void> | undefined;
  const bundler = createMemoryBundler({
    async build(options) {
      await (running ??= initialize({ wasmModule: esbuild, worker: false }));
      return await build(options);
    },
    async stop() {
      running = undefined;
      await stop();
    },
    fileSystem,
    helpers,
    readPolyfill: async (name) => (await polyfills[name]()).default,
    // Loaded with the first workflow that imports one of them.
    readShims: async () => (await import("virtual:node-shims")).default,
  });
  return {
    async bundle(source) {
      assertNoDependencies(Object.keys(source.dependencies ?? {}));
      return await bundler.bundle(source);
    },
    [Symbol.asyncDispose]: async () => await bundler[Symbol.asyncDispose](),
  };
}

/** Fetched when a draft uses them. */
const polyfills = {
  Temporal: async () => await import("../../../node_modules/temporal-polyfill/full/global.js?raw"),
  URLPattern: async () => await import("../../../node_modules/urlpattern-polyfill/dist/urlpattern.js?raw"),
};

/** The packages of an installation are on its server. */
function assertNoDependencies(names: readonly string[]): void {
  if (names.length === 0) return;
  const problems = names.map((name) => ({
    message: `Cannot supply "${name}" in a preview: the packages of this installation are on its server`,
    hint: "Deploy and execute the workflow, or bring the files of the package along in node_modules/",
  }));
  throw refused("compile-failed", problems);
}
