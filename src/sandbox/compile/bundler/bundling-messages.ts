import type { WorkflowSource } from "../../../domain/workflow.ts";
import type { SentError } from "../../threads/thread-messages.ts";
import type { PackageArchives } from "../resolution/package-archives.ts";
import type { PolyfillPaths } from "../shims/polyfills.ts";
import type { ShimFiles } from "../shims/shim-files.ts";
import type { Bundle } from "./bundle.ts";

/**
 * The messages between a bundler and its threads: one reply to each request, one request at a time. A thread
 * that needs Node's modules for a bundle requests them in between.
 */

export type ToBundlingWorker =
  | BundleRequest
  | { readonly kind: "stop" }
  | { readonly kind: "shims"; readonly shims: ShimFiles };

export type BundleRequest = SourceRequest | ProjectRequest;

export interface SourceRequest {
  readonly kind: "source";
  readonly source: WorkflowSource;
  readonly packagesDir: string | undefined;
  /** The packages of the source. */
  readonly archives: PackageArchives;
}

/** A workflow in a folder of its author. */
export interface ProjectRequest {
  readonly kind: "project";
  /** An absolute path. */
  readonly folder: string;
  readonly entry: string;
}

export type FromBundlingWorker =
  | { readonly bundled: Bundle; readonly files: Readonly<Record<string, string>> | undefined }
  | { readonly failed: SentError }
  /** esbuild has exited; this is the start of its output. */
  | { readonly ended: string }
  | { readonly stopped: true }
  | WantsShims;

export interface WantsShims {
  readonly wantsShims: true;
}

/** The `workerData` of a bundling thread. */
export interface BundlingSetup {
  /** The path of esbuild's JavaScript. */
  readonly main: string;
  readonly logFile: string;
  /** A folder for this thread only. */
  readonly folder: string;
  readonly helpers: string;
  /** The absolute paths of the files of `polyfills.ts`. */
  readonly polyfills: PolyfillPaths;
}
