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
  /** Why it failed, or why its last attempt did while it is retried or paused; in lists without its stack. */
  readonly failure?: Failure;
}

/** The name by which people know an API key, and its id. */
export interface Caller {
  readonly id: string;
  readonly name: string;
}

/** An execution, by its id, and whose it is. */
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
  /** The beginning of the body; absent where there is none, or it is no text. */
  readonly body?: string;
}

/** One attempt at a `fetch` with `retry`: the status of its response, or why there was none. */
export interface FetchAttempt {
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
  /** Until the next attempt began; absent after the last one. */
  readonly waitMs?: number;
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
  /** `abandoned`: it had no result when its execution ended, and gets none. */
  readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
  /** Its result is that of the execution which this one retries; it was not done again. */
  readonly reused?: true;
  /** How often it was tried, where that was more than once. */
  readonly attempts?: number;
  /** Each of those attempts, in their order. */
  readonly attemptHistory?: readonly FetchAttempt[];
  /** Of a `fetch` that has ended: what was sent. */
  readonly request?: RequestRecord;
  /** When a sleep or a timer is over. */
  readonly wakesAt?: number;
  /** The execution that it called or began. */
  readonly child?: ExecutionReference;
  /** Of a `fetch` that got a response. */
  readonly httpStatus?: number;
  /** How much room its result takes in the journal. */
  readonly resultBytes?: number;
  /** What came back, as it was journaled, where it is small enough to be shown. */
  readonly result?: JsonValue;
  readonly error?: Failure;
}

/** A callback that an execution waits for. */
export interface OpenCallback {
  /** 0, 1, 2… in the order in which the execution created them. */
  readonly callback: number;
  /** Whoever has it can answer, once. */
  readonly url: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt?: number;
}

/** Why an attempt failed, in plain words. */
export interface AttemptFailure extends Failure {
  readonly hint: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** When the next one begins, in milliseconds since the Unix epoch; absent where none will by itself. */
  readonly nextAttemptAt?: number;
}

/** How an execution ended. */
export interface EndedExecution extends ExecutionSummary {
  /** Present when `status` is `completed`. */
  readonly result?: JsonValue;
}

/** Everything about one execution; its end, once it has come. */
export interface ExecutionDetail extends EndedExecution {
  /** Whose API key asked for it, where it was begun over the API. */
  readonly caller?: Caller;
  /** The execution that called it, or sent it off. */
  readonly parent?: ExecutionReference;
  /** Those that it called or sent off, in this order. */
  readonly children: readonly ExecutionReference[];
  /** The execution that it is a retry of. */
  readonly retryOf?: ExecutionId;
  /** Its retries, the newest first. */
  readonly retries: readonly ExecutionId[];
  readonly input: JsonValue;
  /** Why the last attempt failed, while `status` is `retrying` or `paused`. */
  readonly lastFailure?: AttemptFailure;
  /** What it waits for now, for people: `sleep until 2026-01-31T09:30:00.000Z`, `callback`. */
  readonly waitingFor: readonly string[];
  /** Attempts so far, 1 where nothing went wrong. */
  readonly attempts: number;
  /** What it has computed in all, in fuel. Known shortly after it has ended. */
  readonly fuelUsed?: number;
  readonly steps: readonly Step[];
}
