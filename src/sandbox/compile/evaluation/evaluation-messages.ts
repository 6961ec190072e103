import type { Digest } from "../../../base/digest.ts";
import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import type { SentError } from "../../threads/thread-messages.ts";

/**
 * The messages between the compiler and its evaluation threads: one reply to each bundle, one bundle at a
 * time.
 */

export type ToEvaluationWorker = PrepareMessage | EvaluateMessage;

/** The first message; it has no reply. */
export interface PrepareMessage {
  readonly kind: "prepare";
  readonly engineDigest: Digest;
  readonly protocolVersion: number;
  readonly module: WebAssembly.Module;
}

export interface EvaluateMessage {
  readonly kind: "evaluate";
  /** The bundle in UTF-8. */
  readonly code: Uint8Array;
  /** The top level is one turn. */
  readonly limits: ExecutionLimits;
}

export type FromEvaluationWorker =
  | { readonly evaluated: Evaluation }
  /** The bundle threw: the guest's JSON, unparsed. */
  | { readonly threw: Uint8Array }
  | { readonly failed: SentError };

/** The result of evaluating a bundle in a fresh instance. */
export interface Evaluation {
  readonly image: Uint8Array;
  /** The number of pages of 4 KiB that differ from the engine's. */
  readonly imagePages: number;
  /** The exports `schedules` and `flow` as the guest's JSON, unparsed. */
  readonly declarations?: Uint8Array;
  readonly evaluateMs: number;
  readonly imageMs: number;
}
