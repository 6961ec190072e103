import type { WorkflowSource } from "../../../domain/workflow.ts";
import type { SentError } from "../../threads/thread-messages.ts";
import type { PolyfillPaths } from "../shims/polyfills.ts";
import type { ShimFiles } from "../shims/shim-files.ts";
import type { Bundle } from "./bundle.ts";

/**
 * What a bundler and its threads tell each other: one answer to each request, one at a time. A thread that needs Node's
 * modules for a bundle asks for them meanwhile.
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
}

/** A workflow in a folder of its author. */
export interface ProjectRequest {
  readonly kind: "project";
  /** Absolute. */
  readonly folder: string;
  readonly entry: string;
}

export type FromBundlingWorker =
  | { readonly bundled: Bundle; readonly files: Readonly<Record<string, string>> | undefined }
  | { readonly failed: SentError }
  /** esbuild has ended, and this is the beginning of what it wrote. */
  | { readonly ended: string }
  | { readonly stopped: true }
  | WantsShims;

export interface WantsShims {
  readonly wantsShims: true;
}

/** The `workerData` of a bundling thread. */
export interface BundlingSetup {
  /** esbuild's JavaScript. */
  readonly main: string;
  readonly logFile: string;
  /** A folder that the thread has for itself. */
  readonly folder: string;
  readonly helpers: string;
  /** The files of `polyfills.ts`, absolute. */
  readonly polyfills: PolyfillPaths;
}
