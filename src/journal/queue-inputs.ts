import type { DatedLimits, QueueOverride } from "../domain/flow/queue-limits.ts";
import type { HeldSlot, Reclaim, SlotAnswer, SlotRequest } from "../domain/flow/slot.ts";
import type { ExecutionId } from "../domain/ids.ts";
import type { WorkflowPause } from "../domain/flow/workflow-pause.ts";

/** The inputs of the handlers of the Virtual Object `Queue`. */

/** Names a request of an execution to a queue. */
export interface SlotAddress {
  readonly executionId: ExecutionId;
  /** Counts the requests of the execution. */
  readonly number: number;
}

/** Requests a slot. The answer is a signal with the name `slotSignal(queue, number)` and the value `PostedSlotAnswer`. */
export interface AcquireInput extends SlotAddress {
  readonly request: SlotRequest;
  /** Replaces the limits of the queue, unless they are newer. */
  readonly limits?: DatedLimits;
}

export interface PostedSlotAnswer {
  /** When the queue answered, in milliseconds since the Unix epoch. */
  readonly now: number;
  readonly value: SlotAnswer;
}

/** Requests the slot of `number` again, after `suspend`. The signal has the number `answer`. */
export interface ContinueInput extends SlotAddress {
  readonly answer: number;
}

/** Acquires the slot of `number` again, and then the following ones, before the execution is resumed. */
export interface ReclaimInput extends SlotAddress, Reclaim {}

/** Resumes a paused execution that holds these slots. */
export interface ResumeInput {
  readonly slots: readonly HeldSlot[];
}

/** Takes a token before an execution is accepted. */
export interface ReserveInput {
  readonly key: string;
  readonly limits: DatedLimits;
}

/** Takes a token that is available no later than `by`, in milliseconds since the Unix epoch. */
export interface BookInput {
  readonly key: string;
  readonly by: number;
}

/** Grants nothing before a time, in milliseconds since the Unix epoch. */
export interface HoldInput {
  readonly until: number;
}

/** Ends the queue of a workflow that was deleted at this time, in milliseconds since the Unix epoch. */
export interface RemoveInput {
  readonly at: number;
}

/** Skips executions of a deleted workflow that wait in a queue of several workflows. */
export interface SkipDeletedInput {
  readonly tickets: readonly string[];
}

/** What an operator does to a queue. */
export type ControlInput = { readonly by?: string; readonly note?: string } & (
  | { readonly action: "pause" | "resume" | "drain" | "purge" }
  | { readonly action: "override"; readonly limits: QueueOverride }
);

/** Pauses the workflow of a queue. */
export interface PauseWorkflowInput {
  readonly pause: WorkflowPause;
}

/** What a sweep found: tickets of executions that have ended, are paused, or are no longer paused, and overdue wake-ups. */
export interface ReconcileInput {
  /** When the sweep began, in milliseconds since the Unix epoch. */
  readonly at?: number;
  readonly ended: readonly string[];
  readonly paused: readonly string[];
  readonly resumed: readonly string[];
  readonly overdue: readonly { readonly kind: "rate" | "debounce" | "batch"; readonly key: string }[];
}
