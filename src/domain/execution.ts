import type { ExecutionId, WorkflowId } from "./ids.ts";

export const executionStatuses = [
  "scheduled",
  "queued",
  "running",
  "suspended",
  "retrying",
  "paused",
  "completed",
  "failed",
  "cancelled",
  "skipped",
] as const;

/**
 * The status of an execution. The last four are final. `queued`: flow control holds it back. `skipped`: flow control ended it
 * before it ran.
 */
export type ExecutionStatus = (typeof executionStatuses)[number];

/** Selects executions by a field of their payload. */
export interface PayloadFilter {
  /** A JSON pointer (RFC 6901). */
  readonly pointer: string;
  /** The text of a string, or the JSON of another value. */
  readonly value: string;
}

/** How an execution ended. */
export type ExecutionOutcome = "completed" | "failed" | "cancelled" | "skipped";

/** True if the execution has ended. */
export function isFinal(status: ExecutionStatus): boolean {
  return finalStatuses.has(status);
}

const finalStatuses: ReadonlySet<ExecutionStatus> = new Set(["completed", "failed", "cancelled", "skipped"]);

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

/** What the journal records of a \`fetch\` for readers. The workflow does not receive it. */
export interface StepRecords {
  /** The request, once it has ended. */
  readonly request?: RequestRecord;
  /** The attempts in order, if there was more than one. */
  readonly attemptHistory?: readonly FetchAttempt[];
}
