import type { JsonValue } from "../../base/json.ts";
import type { ExecutionId, QueueId } from "../ids.ts";

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
  /**
   * When the execution was accepted, in milliseconds since the Unix epoch: of those that wait, the earliest one comes first. Without it,
   * the time at which the request arrives counts.
   */
  readonly acceptedAt?: number;
  /** For a batch. */
  readonly payload?: JsonValue;
}

/** The slots that a paused execution acquires again, in this order, before it is resumed. */
export interface Reclaim {
  readonly slots: readonly HeldSlot[];
  /** The slot among them that this request is for. */
  readonly index: number;
}

/** A slot of an execution: the queue, and the number of the request for it. */
export interface HeldSlot {
  readonly queue: QueueId;
  readonly number: number;
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
 * rate limit rejects it, an operator purged the queue, or its workflow was deleted.
 */
export type SkipReason =
  | "debounced"
  | "singleton"
  | "batched"
  | "rate-limited"
  | "purged"
  | "workflow-deleted";

/** @param by the other execution, if there is one */
export function skipText(reason: SkipReason, by?: ExecutionId): string {
  const other = by === undefined ? "another execution" : `execution "${by}"`;
  return {
    debounced: `${other} with the same key replaced it (debounce)`,
    singleton: `${other} has the same key (singleton)`,
    batched: `${other} received its payload as part of a batch (batch)`,
    "rate-limited": "its rate limit is exceeded (rateLimit)",
    purged: "an operator purged its queue",
    "workflow-deleted": "its workflow was deleted before it started",
  }[reason];
}
