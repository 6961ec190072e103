import { build, initialize, stop } from "esbuild-wasm";
// oxlint-disable-next-line import/default -- Vite imports it as text
import helpers from "#guest/helpers.ts?raw";
import { DuraniumError } from "#domain/errors.ts";
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
    readArchive,
    readPolyfill: async (name) => (await polyfills[name]()).default,
    // Loaded with the first workflow that imports one of Node's modules.
    readShims: async () => (await import("virtual:node-shims")).default,
  });
}

const archives = new Map<string, Promise<Uint8Array>>();

/** Kept for later bundles: an archive never changes. */
async function readArchive(digest: string): Promise<Uint8Array> {
  const archive = archives.get(digest) ?? downloadArchive(digest);
  archives.set(digest, archive);
  archive.catch(() => archives.delete(digest));
  return await archive;
}

async function downloadArchive(digest: string): Promise<Uint8Array> {
  const response = await fetch(`/packages/${digest}`);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const why =
    response.status === 404
      ? "it is no longer stored. Remove it in Packages and add it again"
      : `the server responded with HTTP ${response.status}`;
  throw new DuraniumError("package-not-found", `Cannot read a package of the draft: ${why}`);
}

/**
 * Fetched when a draft uses them. They are named by path because these packages do not export the files that a
 * workflow's bundle embeds.
 */
const polyfills = {
  Temporal: async () => await import("../../../node_modules/temporal-polyfill/full/global.js?raw"),
  URLPattern: async () => await import("../../../node_modules/urlpattern-polyfill/dist/urlpattern.js?raw"),
};
