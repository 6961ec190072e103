import type { WorkflowSource } from "../domain/workflow.ts";
import { refused } from "../sandbox/compile/bundler/bundle.ts";
import type { Bundle } from "../sandbox/compile/bundler/bundle.ts";
import { createMemoryBundler } from "../sandbox/compile/bundler/memory-bundler.ts";
import type { MemoryBundlerOptions } from "../sandbox/compile/bundler/memory-bundler.ts";
import type { PreviewSource } from "./contract/preview.ts";
import { createMemoryFileSystem } from "../sandbox/compile/bundler/memory-file-system.ts";

/** What only the build of the web UI can supply: esbuild as WebAssembly, and texts that it loads on demand. */
export interface BrowserBundlerOptions extends Omit<MemoryBundlerOptions, "fileSystem"> {}

export interface BrowserBundler extends AsyncDisposable {
  /** @throws {DuraniumError} as a deploy */
  bundle(source: BrowserSource): Promise<Bundle>;
}

/** A draft as the API returns it. */
export interface BrowserSource extends PreviewSource {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** The packages of the source by folder. */
  readonly packageLock?: Readonly<Record<string, { readonly digest: string }>>;
}

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
      return await bundler.bundle(source as WorkflowSource);
    },
    [Symbol.asyncDispose]: async () => await bundler[Symbol.asyncDispose](),
  };
}

/** `dependencies` are read from a folder of the server at each deploy. */
function assertNoDependencies(names: readonly string[]): void {
  if (names.length === 0) return;
  const problems = names.map((name) => ({
    message: `Cannot supply "${name}" in a preview: the packages of this installation are on its server`,
    hint: "Add it in Packages, which stores its files for previews and deploys",
  }));
  throw refused("compile-failed", problems);
}
