import { z } from "zod";
import type { AttemptFailure } from "../api/contract/execution.ts";
import { parseTimestamp } from "../base/time.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { ExecutionStatus } from "../domain/execution.ts";
import { isErrorCode } from "../journal/restate-failure.ts";
import type { Row } from "./restate-sql.ts";

/**
 * Explains why the last attempt of an execution failed, with a hint for the operator. Restate stores either the text that
 * the SDK sent, with a stack of the executor, or an error of its own with its own code (`RT0010`). Codes of Duranium's
 * catalogue are recognized in the text.
 *
 * @param row the execution's row in `sys_invocation`
 * @param pausedBecause for a paused execution, the row that `pausedBecauseQuery` selects
 * @returns undefined unless the execution is `retrying`, or `paused` because of a failure
 */
export function lastFailureOf(
  row: Row,
  status: ExecutionStatus,
  pausedBecause?: Row,
): AttemptFailure | undefined {
  if (status !== "retrying" && status !== "paused") return undefined;
  const reported = reportedBy(row) ?? reportedByPause(pausedBecause);
  if (reported === undefined) return undefined;
  const nextAttemptAt = status === "retrying" ? parseTimestamp(String(row["next_retry_at"])) : undefined;
  return {
    ...explain(reported),
    attempts: attemptsOf(row),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
  };
}

/** The number of attempts since the execution was last suspended or paused. Restate resets it when it restarts. */
export function attemptsOf(row: Row): number {
  return Math.max(1, Number(row["retry_count"] ?? 1));
}

/** Selects the event that records why an execution was paused. `sys_invocation` loses the reason when Restate restarts. */
export function pausedBecauseQuery(executionId: string): string {
  return `SELECT event_json FROM sys_journal_events
    WHERE id = '${executionId}' AND event_type = 'Paused' ORDER BY appended_at DESC LIMIT 1`;
}

interface ReportedFailure {
  readonly message: string;
  readonly restateCode: string;
}

function reportedBy(row: Row): ReportedFailure | undefined {
  const text = row["last_failure"];
  if (typeof text !== "string") return undefined;
  return { message: withoutStack(text), restateCode: String(row["last_failure_error_code"] ?? "") };
}

const pausedSchema = z.object({
  last_failure: z.object({
    error_message: z.string(),
    restate_doc_error_code: z.string().optional(),
  }),
});

function reportedByPause(row: Row | undefined): ReportedFailure | undefined {
  const json = row?.["event_json"];
  const event = typeof json === "string" ? pausedSchema.safeParse(JSON.parse(json)).data : undefined;
  if (event === undefined) return undefined;
  const { error_message: message, restate_doc_error_code: restateCode = "" } = event.last_failure;
  return { message: withoutStack(message), restateCode };
}

/** Returns the first line, such as `[500 Internal] turn-timeout: Turn …`, without its status and the stack below it. */
function withoutStack(text: string): string {
  const [first = text] = text.split(/\n(?:\w*Error: |\s+at )/, 1);
  return first.replace(/^\[\d{3}[^\]]*\] /, "");
}

function explain({
  message,
  restateCode,
}: ReportedFailure): Omit<AttemptFailure, "attempts" | "nextAttemptAt"> {
  const [, code = "", rest = ""] = /^([a-z]+(?:-[a-z]+)*): (.*)$/s.exec(message) ?? [];
  if (isErrorCode(code)) {
    return { name: "DuraniumError", code, message: rest, hint: hints[code] ?? hints.internal };
  }
  const known = restateErrors.get(restateCode);
  if (known !== undefined) {
    const { hint } = known;
    return { name: "RestateError", code: restateCode, message: `${known.message}: ${message}`, hint };
  }
  return { name: "Error", code: "internal", message, hint: hints.internal };
}

/** What the operator should do, by the code of the failure. */
const hints: Partial<Record<ErrorCode, string>> & { readonly internal: string } = {
  "turn-timeout":
    "Retried automatically. If it persists, the workflow loops: cancel the execution. If other executions fail too, the machine is overloaded.",
  "worker-lost":
    "Retried automatically. If it persists, check the memory of the machine, and look for workflows that loop.",
  "executor-crashed":
    "Check the log of the executor and the memory of the machine. Resume the execution to retry it, or cancel it. If it persists, report a bug.",
  "workflow-paused": "Resume the workflow. To let this execution alone run, resume the execution.",
  "engine-unavailable":
    "Copy the engine from the executor that deployed the version, then resume the execution. Or deploy the workflow again and retry with the current version.",
  "artifact-corrupt":
    "Restore the file from a backup, then resume the execution. Or deploy the source again and retry with the current version.",
  "artifact-missing":
    "Check DURANIUM_DATA_DIR and restore the file, then resume the execution. Or deploy the source again and retry with the current version.",
  "restate-unavailable": "Check whether Restate is running and inspect its log. Retried automatically.",
  internal: "Check the log of the executor. Retried automatically. If it persists, report a bug.",
};

/** Restate's own errors: https://docs.restate.dev/references/errors */
const restateErrors: ReadonlyMap<string, { readonly message: string; readonly hint: string }> = new Map([
  [
    "RT0001",
    {
      message: "Attempt aborted: the executor did not respond in time",
      hint: "Retried automatically. If it persists, an operation takes longer than Restate's abort timeout: raise the timeout.",
    },
  ],
  [
    "RT0010",
    {
      message: "Restate cannot reach the executor, or lost its connection",
      hint: "Check whether an executor is running, and whether Restate can reach it at DURANIUM_EXECUTOR_URL. The execution resumes once it can.",
    },
  ],
  [
    "RT0011",
    {
      message: "No executor is registered with Restate",
      hint: "Start an executor, which registers itself. Then resume the execution.",
    },
  ],
  [
    "RT0016",
    {
      message: "Replay diverged from the journal",
      hint: "Resume the execution with the release of Duranium that started it, or cancel it and retry it from the start. If the release has not changed, report a bug.",
    },
  ],
]);
