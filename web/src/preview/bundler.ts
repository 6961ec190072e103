import { build, initialize, stop } from "esbuild-wasm";
// oxlint-disable-next-line import/default -- Vite imports it as text
import helpers from "#guest/helpers.ts?raw";
import { createBrowserBundler } from "#preview/browser-bundler.ts";
import type { BrowserBundler } from "#preview/browser-bundler.ts";

/** The preview's bundler. esbuild starts with the first bundle, and again with the next one after it was stopped. */
export function createBundler(esbuild: WebAssembly.Module): BrowserBundler {
  let running: Promise<void> | undefined;
  return createBrowserBundler({
    async build(options) {
      await (running ??= initialize({ wasmModule: esbuild, worker: false }));
      return await build(options);
    },
    async stop() {
      running = undefined;
      await stop();
    },
    helpers,
    readPolyfill: async (name) => (await polyfills[name]()).default,
    // Loaded with the first workflow that imports one of Node's modules.
    readShims: async () => (await import("virtual:node-shims")).default,
  });
}

/**
 * Fetched when a draft uses them. They are named by path because these packages do not export the files that a
 * workflow's bundle embeds.
 */
const polyfills = {
  Temporal: async () => await import("../../../node_modules/temporal-polyfill/full/global.js?raw"),
  URLPattern: async () => await import("../../../node_modules/urlpattern-polyfill/dist/urlpattern.js?raw"),
};
