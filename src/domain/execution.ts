import type { JsonValue } from "../base/json.ts";
import type { ExecutionId, WorkflowId } from "./ids.ts";
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

/** The status of an execution. The last three are final. */
export type ExecutionStatus = (typeof executionStatuses)[number];

/** True if the execution has ended. */
export function isFinal(status: ExecutionStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** An execution as lists show it. Times are milliseconds since the Unix epoch. */
export interface ExecutionSummary {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
  /** Undefined until the execution has started. */
  readonly version?: number;
  readonly entryPoint?: string;
  readonly status: ExecutionStatus;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly completedAt?: number;
  /** Why it failed, or why its last attempt failed while it is retried or paused. Lists omit the stack. */
  readonly failure?: Failure;
}

/** The id and name of an API key. */
export interface Caller {
  readonly id: string;
  readonly name: string;
}

/** The id of an execution and of its workflow. */
export interface ExecutionReference {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
}

/** The request of a `fetch`, with names of secrets in place of their values. */
export interface RequestRecord {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodyBytes: number;
  /** The beginning of the body. Absent if there is no body, or if it is not text. */
  readonly body?: string;
}

/** One attempt of a `fetch` with `retry`: the status of its response, or why it has none. */
export interface FetchAttempt {
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  /** The wait before the next attempt. Absent for the last one. */
  readonly waitMs?: number;
}

/** One operation of an execution. */
export interface Step {
  /** The index of its command in Restate's journal. */
  readonly index: number;
  /** `fetch`, `sleep`, `timer`… */
  readonly operation: string;
  /** As the Restate UI shows it: `fetch GET https://api.example.com/orders`. */
  readonly name: string;
  /** Times in milliseconds since the Unix epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** `abandoned` if it had no result when its execution ended. */
  readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
  /** True if its result was reused from the execution that this one retries. */
  readonly reused?: true;
  /** The number of attempts, if there was more than one. */
  readonly attempts?: number;
  /** These attempts in order. */
  readonly attemptHistory?: readonly FetchAttempt[];
  /** The request of a `fetch` that has ended. */
  readonly request?: RequestRecord;
  /** The end of a sleep or a timer. */
  readonly wakesAt?: number;
  /** The execution that it called or sent. */
  readonly child?: ExecutionReference;
  /** The status of the response of a `fetch`. */
  readonly httpStatus?: number;
  /** The size of its result in the journal. */
  readonly resultBytes?: number;
  /** The journaled result, if it is small enough to be shown. */
  readonly result?: JsonValue;
  readonly error?: Failure;
}

/** A callback that an execution waits for. */
export interface OpenCallback {
  /** 0, 1, 2… in the order in which the execution created them. */
  readonly callback: number;
  /** Any client with this URL can complete the callback, once. */
  readonly url: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt?: number;
}

/** Why an attempt failed, with a hint for the operator. */
export interface AttemptFailure extends Failure {
  readonly hint: string;
  /** The number of attempts so far, including this one. */
  readonly attempts: number;
  /** The start of the next attempt, in milliseconds since the Unix epoch. Absent if the execution is paused. */
  readonly nextAttemptAt?: number;
}

/** How an execution ended. */
export interface EndedExecution extends ExecutionSummary {
  /** Present when `status` is `completed`. */
  readonly result?: JsonValue;
}

/** One execution with all its details, and with its end once it has ended. */
export interface ExecutionDetail extends EndedExecution {
  /** The API key that started it, if it was started through the API. */
  readonly caller?: Caller;
  /** The execution that called or sent it. */
  readonly parent?: ExecutionReference;
  /** The executions that it called or sent, in order. */
  readonly children: readonly ExecutionReference[];
  /** The execution that it is a retry of. */
  readonly retryOf?: ExecutionId;
  /** Its retries, newest first. */
  readonly retries: readonly ExecutionId[];
  readonly input: JsonValue;
  /** Why the last attempt failed, while `status` is `retrying` or `paused`. */
  readonly lastFailure?: AttemptFailure;
  /** What it waits for, as text: `sleep until 2026-01-31T09:30:00.000Z`, `callback`. */
  readonly waitingFor: readonly string[];
  /** The number of attempts so far; 1 if none failed. */
  readonly attempts: number;
  /** The fuel consumed in total. Known shortly after it has ended. */
  readonly fuelUsed?: number;
  readonly steps: readonly Step[];
}
