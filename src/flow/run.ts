import type { JsonValue } from "../base/json.ts";
import type { QueueLimits } from "../domain/flow/queue-limits.ts";
import type { ExecutionId } from "../domain/ids.ts";
import type { Core } from "./queue-records.ts";
import type { Transaction } from "./transaction.ts";

/** One request to a queue while it is processed. */
export interface QueueRun {
  readonly tx: Transaction;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  core: Core;
  /** What the request causes outside of the queue, in order. */
  readonly effects: QueueEffect[];
}

export type QueueEffect =
  | {
      readonly kind: "signal";
      readonly executionId: ExecutionId;
      readonly number: number;
      readonly answer: SlotAnswer;
    }
  | { readonly kind: "cancel"; readonly executionId: ExecutionId }
  /** Calls `wake` at a time, in milliseconds since the Unix epoch. */
  | { readonly kind: "wake"; readonly wake: WakeUp; readonly at: number };

export type WakeUp =
  | { readonly kind: "rate" | "debounce" | "batch"; readonly key: string }
  | { readonly kind: "dispatch" | "purge" };

/** What an execution receives for its request. */
export type SlotAnswer =
  | {
      readonly kind: "granted";
      /** True if the execution must release the slot when it ends. */
      readonly holds: boolean;
      /** The payloads of a batch, oldest first, this execution's own among them. */
      readonly batch?: readonly JsonValue[];
    }
  | { readonly kind: "skipped"; readonly reason: SkipReason; readonly by?: ExecutionId };

/**
 * Why an execution does not run: a later one replaced it, one with the same key runs, its payload is part of a batch, its
 * rate limit rejects it, or an operator purged the queue.
 */
export type SkipReason = "debounced" | "singleton" | "batched" | "rate-limited" | "purged";

export function updateCore(run: QueueRun, change: Partial<Core>): void {
  run.core = { ...run.core, ...change };
}

/** The limits in force: those configured, with an operator's override of single members. */
export function limitsOf({ core }: QueueRun): QueueLimits {
  return { ...core.limits, ...core.override };
}

export function answer(
  run: QueueRun,
  { executionId, number }: { readonly executionId: ExecutionId; readonly number: number },
  value: SlotAnswer,
): void {
  run.effects.push({ kind: "signal", executionId, number, answer: value });
}
