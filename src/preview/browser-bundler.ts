import { refused } from "../sandbox/compile/bundler/bundle.ts";
import type { Bundler } from "../sandbox/compile/bundler/bundle.ts";
import { createMemoryBundler } from "../sandbox/compile/bundler/memory-bundler.ts";
import type { MemoryBundlerOptions } from "../sandbox/compile/bundler/memory-bundler.ts";
import { createMemoryFileSystem } from "../sandbox/compile/bundler/memory-file-system.ts";

/** What only the build of the web UI can supply: esbuild as WebAssembly, and texts that it loads on demand. */
export interface BrowserBundlerOptions extends Omit<MemoryBundlerOptions, "fileSystem"> {}

export type BrowserBundler = Bundler;

/**
 * The bundler of deploys, with esbuild as WebAssembly on the current thread. For the same source it returns the same
 * bytes as a deploy.
 */
export function createBrowserBundler(options: BrowserBundlerOptions): BrowserBundler {
  const fileSystem = createMemoryFileSystem();
  // esbuild reads files through this global, and looks it up when it starts.
  Object.assign(globalThis, { fs: fileSystem.fs });
  const bundler = createMemoryBundler({ ...options, fileSystem });
  return {
    async bundle(source) {
      assertNoDependencies(Object.keys(source.dependencies ?? {}));
      return await bundler.bundle(source);
    },
    [Symbol.asyncDispose]: async () => await bundler[Symbol.asyncDispose](),
  };
}

/** The packages of an installation are on its server, where a browser cannot read them. */
function assertNoDependencies(names: readonly string[]): void {
  if (names.length === 0) return;
  const problems = names.map((name) => ({
    message: `Cannot supply "${name}" in a preview: the packages of this installation are on its server`,
    hint: "Deploy and execute the workflow, or add the files of the package under node_modules/",
  }));
  throw refused("compile-failed", problems);
}
