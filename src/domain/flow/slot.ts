import type { JsonValue } from "../../base/json.ts";
import type { ExecutionId } from "../ids.ts";

/** The keys of an execution in the limits of one queue. A limit whose key is absent does not apply to it. */
export interface FlowKeys {
  /** Also without a limit for each key, keys take turns. */
  readonly concurrency?: string;
  readonly rate?: string;
  readonly debounce?: string;
  readonly singleton?: string;
  readonly batch?: string;
}

/** What an execution requests of a queue. */
export interface SlotRequest {
  readonly keys: FlowKeys;
  /** Requests with a higher number are granted first. */
  readonly priority: number;
  /** For a batch. */
  readonly payload?: JsonValue;
}

/** What an execution receives for its request. */
export type SlotAnswer =
  | {
      readonly kind: "granted";
      /** True if the execution must release the slot when it ends. */
      readonly holds: boolean;
      /** True if the execution has not run yet. */
      readonly starts: boolean;
      /** The payloads of a batch, oldest first, this execution's own among them. */
      readonly batch?: readonly JsonValue[];
    }
  | { readonly kind: "skipped"; readonly reason: SkipReason; readonly by?: ExecutionId };

/**
 * Why an execution does not run: a later one replaced it, one with the same key exists, its payload is part of a batch, its
 * rate limit rejects it, or an operator purged the queue.
 */
export type SkipReason = "debounced" | "singleton" | "batched" | "rate-limited" | "purged";

/** @param by the other execution, if there is one */
export function skipText(reason: SkipReason, by?: ExecutionId): string {
  const other = by === undefined ? "another execution" : `execution "${by}"`;
  return {
    debounced: `${other} with the same key replaced it (debounce)`,
    singleton: `${other} has the same key (singleton)`,
    batched: `${other} received its payload as part of a batch (batch)`,
    "rate-limited": "its rate limit is exceeded (rateLimit)",
    purged: "an operator purged its queue",
  }[reason];
}
