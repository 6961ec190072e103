import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import type { Digest } from "../../../domain/ids.ts";
import type { SentError } from "../../threads/thread-messages.ts";

/** What the compiler and its evaluation threads tell each other: one answer to each bundle, one at a time. */

export type ToEvaluationWorker = PrepareMessage | EvaluateMessage;

/** Comes first, and is not answered. */
export interface PrepareMessage {
  readonly kind: "prepare";
  readonly engineDigest: Digest;
  readonly protocolVersion: number;
  readonly module: WebAssembly.Module;
}

export interface EvaluateMessage {
  readonly kind: "evaluate";
  /** UTF-8 of a bundle. */
  readonly code: Uint8Array;
  /** The top level is one turn. */
  readonly limits: ExecutionLimits;
}

export type FromEvaluationWorker =
  | { readonly evaluated: Evaluation }
  /** The bundle threw: the guest's JSON, unparsed. */
  | { readonly threw: Uint8Array }
  | { readonly failed: SentError };

/** What came of loading a bundle into a fresh instance. */
export interface Evaluation {
  readonly image: Uint8Array;
  /** Pages of 4 KiB that differ from the engine's. */
  readonly imagePages: number;
  readonly evaluateMs: number;
  readonly imageMs: number;
}
