import type { Diagnostic } from "../../domain/errors.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import type { CompiledEngine } from "./evaluation/evaluation-threads.ts";

/** Prepares the sources of one language for the evaluation that makes their image. */
export interface LanguageCompiler extends AsyncDisposable {
  /**
   * The same source always gives the same code, on the same engine.
   *
   * @throws {DuraniumError} with diagnostics: `compile-failed`, `missing-run`, `bundle-too-large`,
   *   `engine-not-installed`, `invalid-engine`
   * @throws {DuraniumError} `engine-unavailable`, `overloaded`, `worker-lost`
   */
  prepare(source: WorkflowSource): Promise<PreparedSource>;
}

export interface PreparedSource {
  /** What the engine evaluates. */
  readonly code: Uint8Array;
  /** JSON that maps positions in the code to the author's, or `authorPositions`. */
  readonly sourceMap: string;
  /** Settings of the author that have no effect. */
  readonly warnings: readonly Diagnostic[];
  /** The engine that evaluates the code, and that runs the version from then on. */
  readonly engine: CompiledEngine;
}
