import type { ExecutionId, WorkflowId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { Failure } from "./outcome.ts";

export const executionStatuses = [
  "scheduled",
  "running",
  "suspended",
  "retrying",
  "paused",
  "completed",
  "failed",
  "cancelled",
] as const;

/** Where an execution is. The last three are final. */
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Whether nothing comes after it. */
export function isFinal(status: ExecutionStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** An execution as lists show it. Times are milliseconds since the Unix epoch. */
export interface ExecutionSummary {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
  /** `undefined` until the execution has begun. */
  readonly version?: number;
  readonly entryPoint?: string;
  readonly status: ExecutionStatus;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly completedAt?: number;
}

/** One operation of an execution. */
export interface Step {
  /** Its place in Restate's journal. */
  readonly index: number;
  /** `fetch`, `sleep`, `timer`… */
  readonly operation: string;
  /** As the Restate UI shows it: `fetch GET https://api.example.com/orders`. */
  readonly name: string;
  /** Times in milliseconds since the Unix epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly outcome: "pending" | "succeeded" | "failed";
  /** How often it was tried, where that was more than once. */
  readonly attempts?: number;
  /** What came back, as it was journaled, where it is small enough to be shown. */
  readonly result?: JsonValue;
  readonly error?: Failure;
}

/** Everything about one execution. */
export interface ExecutionDetail extends ExecutionSummary {
  readonly input: JsonValue;
  /** Present when `status` is `completed`. */
  readonly result?: JsonValue;
  /** Present when `status` is `failed` or `cancelled`. */
  readonly failure?: Failure;
  /** Why the last attempt failed, while `status` is `retrying` or `paused`. */
  readonly lastFailure?: Failure;
  /** Attempts so far, 1 where nothing went wrong. */
  readonly attempts: number;
  readonly steps: readonly Step[];
}
