import { readFileSync, mkdirSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSemaphore } from "../../../base/concurrency/semaphore.ts";
import { DuraniumError } from "../../../domain/errors.ts";
import { dependencyProblems } from "../resolution/dependencies.ts";
import { readArchives } from "../resolution/package-archives.ts";
import type { ReadArchive } from "../resolution/package-archives.ts";
import { bundleShims } from "../shims/bundle-shims.ts";
import { polyfillFiles } from "../shims/polyfills.ts";
import type { Polyfill, PolyfillPaths } from "../shims/polyfills.ts";
import type { ShimFiles } from "../shims/shim-files.ts";
import { refused } from "./bundle.ts";
import type { Bundle, Bundler } from "./bundle.ts";
import type { BundleRequest } from "./bundling-messages.ts";
import { BundlingThread } from "./bundling-thread.ts";
import { openEmptyFolder } from "./limited-program.ts";
import type { EmptyFolder } from "./limited-program.ts";
import { bundleTimeoutMs, maxConcurrentEvaluations } from "./limits.ts";

export interface NativeBundlerOptions {
  /** Wall-clock timeout, for a bundle that waits for the processor. */
  readonly timeoutMs?: number;
  /** The `node_modules` folder that provides dependencies. */
  readonly packagesDir?: string;
  /** Reads the packages that sources name by their digests. */
  readonly readArchive?: ReadArchive;
  /** The folder for sources while they are bundled. Defaults to the system's temporary folder. */
  readonly temporaryDir?: string;
}

export interface NativeBundler extends Bundler {
  /**
   * Bundles a workflow in a folder of its author, and returns what a deploy of it has to send.
   *
   * @param folder absolute; the names of files are relative to it
   */
  bundleProject(project: { readonly folder: string; readonly entry: string }): Promise<BundledProject>;
}

export interface BundledProject {
  readonly bundle: Bundle;
  /** Texts by name, including packages as `node_modules/…`. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Bundles with esbuild's native program. Each bundle has its own thread and process with limits; a failed
 * bundle ends only those. One thread is kept ready for the next bundle.
 */
export function createNativeBundler({
  packagesDir,
  readArchive,
  timeoutMs = bundleTimeoutMs,
  temporaryDir = tmpdir(),
}: NativeBundlerOptions = {}): NativeBundler {
  const threads = new BundlingThreads(temporaryDir, timeoutMs);
  return {
    async bundle(source) {
      const problems = dependencyProblems(source, packagesDir);
      if (problems.length > 0) throw refused("compile-failed", problems);
      const { bundled } = await threads.bundle({
        kind: "source",
        source,
        packagesDir,
        archives: await readArchives(source, readArchive),
      });
      return bundled;
    },
    async bundleProject(project) {
      const { bundled, files = {} } = await threads.bundle({ kind: "project", ...project });
      return { bundle: bundled, files };
    },
    [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose](),
  };
}

/** Threads that bundle, at most `maxConcurrentEvaluations`, and one of them idle. */
class BundlingThreads implements AsyncDisposable {
  readonly #temporaryDir: string;
  readonly #timeoutMs: number;
  readonly #semaphore = createSemaphore(maxConcurrentEvaluations);
  readonly #threads = new Set<BundlingThread>();
  #emptyFolder: Promise<EmptyFolder> | undefined;
  #ready: BundlingThread | undefined;

  constructor(temporaryDir: string, timeoutMs: number) {
    this.#temporaryDir = temporaryDir;
    this.#timeoutMs = timeoutMs;
  }

  async bundle(request: BundleRequest): ReturnType<BundlingThread["bundle"]> {
    using _permit = await this.#semaphore.take();
    const kept = this.#ready;
    this.#ready = undefined;
    const thread = kept ?? (await this.#start());
    try {
      return await thread.bundle(request, this.#timeoutMs);
    } finally {
      if (thread.isFresh && this.#ready === undefined) this.#ready = thread;
      else await this.#drop(thread);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = "Cannot bundle a workflow: the compiler is closed";
    this.#semaphore.close(new DuraniumError("worker-lost", closed));
    await Promise.all([...this.#threads].map((thread) => this.#drop(thread)));
    await (await this.#emptyFolder)?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<BundlingThread> {
    mkdirSync(this.#temporaryDir, { recursive: true });
    this.#emptyFolder ??= openEmptyFolder(this.#temporaryDir);
    const { innermost: emptyFolder } = await this.#emptyFolder;
    const within = this.#temporaryDir;
    const thread = new BundlingThread({ within, emptyFolder, helpers, polyfills, readShims });
    this.#threads.add(thread);
    return thread;
  }

  async #drop(thread: BundlingThread): Promise<void> {
    this.#threads.delete(thread);
    await thread[Symbol.asyncDispose]();
  }
}

const polyfills: PolyfillPaths = {
  Temporal: polyfillPath("Temporal"),
  URLPattern: polyfillPath("URLPattern"),
};

function polyfillPath(name: Polyfill): string {
  const [packageName, path] = polyfillFiles[name];
  return join(dirname(findPackageJSON(packageName, import.meta.url) ?? ""), path);
}

const helpers = readFileSync(new URL("../../../guest/context/helpers.ts", import.meta.url), "utf8");
const shimsRoot = fileURLToPath(new URL("../../../node-compat/", import.meta.url));

let shims: Promise<ShimFiles> | undefined;

/** Reads Node's modules for workflows, once per process. */
export async function readShims(): Promise<ShimFiles> {
  return await (shims ??= bundleShims(shimsRoot));
}
