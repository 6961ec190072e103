import type { ExecutionId } from "../domain/ids.ts";
import type { CurrentVersion, Version, WorkflowSource } from "../domain/workflow.ts";
import type { PostedSignal } from "./signals.ts";

/** The inputs, outputs and state of the Virtual Objects' handlers. */

export interface DeployInput {
  readonly source: WorkflowSource;
  readonly deployedBy: string;
  /** True if the API key of the deploy is bound to workflows. */
  readonly isWorkflowBound: boolean;
  readonly note?: string;
}

export type DeployOutput = Version & { readonly unchanged: boolean };

/** External input to an execution. */
interface Posted extends PostedSignal {
  /** True if the execution reuses the steps of another one, and with them the signals that the other one received. */
  readonly reusesSteps: boolean;
  /** The size of `value` as JSON. */
  readonly bytes: number;
}

/** An event that the API received. */
export interface EventInput extends Posted {
  readonly name: string;
}

export interface CallbackInput extends Posted {
  readonly callback: number;
}

/** Changes the time of a scheduled execution. */
export interface RescheduleInput {
  /** Milliseconds since the Unix epoch. */
  readonly startAt: number;
}

/**
 * The idempotency key of an execution that replaces a scheduled one without a key. Restate forgets the replaced one, so the key
 * is what refers from one to the other.
 */
export function movedKey(from: ExecutionId): string {
  return `reschedule/${from}`;
}

/** The execution that the one with this key replaced, if it did. */
export function movedFrom(idempotencyKey: string): ExecutionId | undefined {
  const [, id] = /^reschedule\/(inv_[A-Za-z0-9]{16,64})$/.exec(idempotencyKey) ?? [];
  return id as ExecutionId | undefined;
}

/** The state of the Virtual Object `Workflow`: the version that new executions get. */
export type WorkflowObjectState = { current: CurrentVersion };

/** The version on which `RecordedRequests/<execution>/compare` replays an execution. */
export interface ComparedVersion {
  readonly version: number;
}
