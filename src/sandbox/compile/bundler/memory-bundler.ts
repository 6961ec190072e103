import { createSemaphore } from "../../../base/concurrency/semaphore.ts";
import { DuraniumError, messageOf } from "../../../domain/errors.ts";
import { readArchives, withPackages } from "../resolution/package-archives.ts";
import type { ReadArchive } from "../resolution/package-archives.ts";
import type { ReadPolyfill } from "../shims/polyfills.ts";
import type { ReadShims } from "../shims/shim-files.ts";
import { bundleWorkflow } from "./bundle.ts";
import type { Build, Bundler } from "./bundle.ts";
import { bundlerCrashed } from "./bundling-error.ts";
import type { MemoryFileSystem } from "./memory-file-system.ts";

export interface MemoryBundlerOptions {
  /** esbuild as WebAssembly, whose file system is `fileSystem`. */
  readonly build: Build;
  /** Stops esbuild. The next build starts it again. */
  readonly stop: () => Promise<void>;
  readonly fileSystem: MemoryFileSystem;
  /** The text of `src/guest/context/helpers.ts`. */
  readonly helpers: string;
  readonly readPolyfill: ReadPolyfill;
  readonly readShims: ReadShims;
  /** Reads the packages that sources name by their digests. */
  readonly readArchive?: ReadArchive;
}

/** A bundler without a disk, with the same plugin and options as deploys, for one source at a time. */
export function createMemoryBundler({
  build,
  stop,
  fileSystem,
  readArchive,
  ...texts
}: MemoryBundlerOptions): Bundler {
  const semaphore = createSemaphore(1);
  return {
    async bundle(source) {
      const { entry, files } = withPackages(source, await readArchives(source, readArchive));
      using _permit = await semaphore.take();
      try {
        return await bundleWorkflow({ entry, tree: fileSystem.mount(files), ...texts }, build);
      } catch (error) {
        if (error instanceof DuraniumError) throw error;
        await stop();
        throw bundlerCrashed(messageOf(error));
      }
    },
    async [Symbol.asyncDispose]() {
      semaphore.close(new DuraniumError("worker-lost", "Cannot bundle a workflow: the compiler is closed"));
      await stop();
    },
  };
}
