import { readFileSync, mkdirSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSemaphore } from "../../../base/semaphore.ts";
import { DuraniumError } from "../../../domain/errors.ts";
import { bundleTimeoutMs, maxConcurrentEvaluations } from "../../../domain/limits.ts";
import { dependencyProblems } from "../resolution/dependencies.ts";
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

export interface NativeBundlerOptions {
  /** Wall-clock timeout, for a bundle that waits for the processor. */
  readonly timeoutMs?: number;
  /** The `node_modules` folder that provides dependencies. */
  readonly packagesDir?: string;
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
  timeoutMs = bundleTimeoutMs,
  temporaryDir = tmpdir(),
}: NativeBundlerOptions = {}): NativeBundler {
  const semaphore = createSemaphore(maxConcurrentEvaluations);
  const threads = new Set<BundlingThread>();
  let emptyFolder: Promise<EmptyFolder> | undefined;
  let ready: BundlingThread | undefined;

  async function start(): Promise<BundlingThread> {
    mkdirSync(temporaryDir, { recursive: true });
    emptyFolder ??= openEmptyFolder(temporaryDir);
    const { innermost } = await emptyFolder;
    const thread = new BundlingThread({
      within: temporaryDir,
      emptyFolder: innermost,
      helpers,
      polyfills,
      readShims,
    });
    threads.add(thread);
    return thread;
  }

  async function drop(thread: BundlingThread): Promise<void> {
    threads.delete(thread);
    await thread[Symbol.asyncDispose]();
  }

  async function use(request: BundleRequest) {
    using _permit = await semaphore.take();
    const kept = ready;
    ready = undefined;
    const thread = kept ?? (await start());
    try {
      return await thread.bundle(request, timeoutMs);
    } finally {
      if (thread.isFresh && ready === undefined) ready = thread;
      else await drop(thread);
    }
  }

  return {
    async bundle(source) {
      const problems = dependencyProblems(source, packagesDir);
      if (problems.length > 0) throw refused("compile-failed", problems);
      const { bundled } = await use({ kind: "source", source, packagesDir });
      return bundled;
    },
    async bundleProject(project) {
      const { bundled, files = {} } = await use({ kind: "project", ...project });
      return { bundle: bundled, files };
    },
    async [Symbol.asyncDispose]() {
      semaphore.close(new DuraniumError("worker-lost", "Cannot bundle a workflow: the compiler is closed"));
      await Promise.all([...threads].map(drop));
      await (await emptyFolder)?.[Symbol.asyncDispose]();
    },
  };
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
