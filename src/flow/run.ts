import type { QueueLimits } from "../domain/flow/queue-limits.ts";
import type { Reclaim, SlotAnswer } from "../domain/flow/slot.ts";
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
  /** The execution holds this slot again, and acquires the next one, or is resumed if it was the last. */
  | { readonly kind: "reclaimed"; readonly executionId: ExecutionId; readonly reclaim: Reclaim }
  /** Calls `wake` at a time, in milliseconds since the Unix epoch. */
  | { readonly kind: "wake"; readonly wake: WakeUp; readonly at: number };

export type WakeUp =
  | { readonly kind: "rate" | "debounce" | "batch"; readonly key: string }
  | { readonly kind: "dispatch" | "purge" };

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
