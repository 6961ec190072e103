import { z } from "zod";
import { parseTimestamp } from "../base/time.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { AttemptFailure, ExecutionStatus } from "../domain/execution.ts";
import { isErrorCode } from "../journal/restate-failure.ts";
import type { Row } from "./restate-sql.ts";

/**
 * Why the last attempt of an execution failed, for people. Restate keeps what the SDK sent it, a text with a stack
 * of ours, or has something to say itself, under a code of its own (`RT0010`). A code of the catalogue stays
 * what it is.
 *
 * @param row of the execution, in `sys_invocation`
 * @param pausedBecause of a paused execution the row that `pausedBecauseQuery` finds
 * @returns `undefined` unless the execution is `retrying`, or `paused` because of a failure
 */
export function lastFailureOf(
  row: Row,
  status: ExecutionStatus,
  pausedBecause?: Row,
): AttemptFailure | undefined {
  if (status !== "retrying" && status !== "paused") return undefined;
  const told = reportedBy(row) ?? reportedByPause(pausedBecause);
  if (told === undefined) return undefined;
  const nextAttemptAt = status === "retrying" ? parseTimestamp(String(row["next_retry_at"])) : undefined;
  return {
    ...explain(told),
    attempts: attemptsOf(row),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
  };
}

/** Restate counts attempts since the execution was last suspended or paused, and forgets them with a restart. */
export function attemptsOf(row: Row): number {
  return Math.max(1, Number(row["retry_count"] ?? 1));
}

/** Why an execution was paused is an entry beside its journal; it is asked for where Restate was restarted since. */
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

/** `[500 Internal] turn-timeout: A turn …`, and below it what the SDK saw of the stack. */
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

/** What an attempt can fail with, and what to do then. */
const hints: Partial<Record<ErrorCode, string>> & { readonly internal: string } = {
  "turn-timeout":
    "It is tried again. If this comes back, the workflow loops: cancel the execution. Otherwise the machine is overloaded",
  "worker-lost":
    "It is tried again. If this comes back, look at the memory of the machine, and for workflows that loop",
  "executor-crashed":
    "Look at the log of the executor, and at the memory of the machine. Cancel the execution, or resume it to have it tried again; if this comes back, it is worth a bug report",
  "engine-unavailable":
    "Copy the engine from where the version was deployed, then resume the execution; or deploy the workflow again and retry it with the current version",
  "artifact-corrupt":
    "Restore the file from a backup, then resume the execution; or deploy the source again and retry it with the current version",
  "artifact-missing":
    "Look whether DURANIUM_DATA_DIR is the right one and restore the file, then resume the execution; or deploy the source again and retry it with the current version",
  "restate-unavailable": "Look whether Restate runs, and at its log. It is tried again",
  internal:
    "Look at the log of the executor. It is tried again; if this comes back, it is worth a bug report",
};

/** As `docs.restate.dev/references/errors` has them. */
const restateErrors: ReadonlyMap<string, { readonly message: string; readonly hint: string }> = new Map([
  [
    "RT0001",
    {
      message: "The executor said nothing for too long, and the attempt was given up",
      hint: "It is tried again. If this comes back, an operation takes longer than Restate's abort timeout",
    },
  ],
  [
    "RT0010",
    {
      message: "Restate does not reach the executor, or lost the connection to it",
      hint: "Look whether an executor runs, and whether DURANIUM_EXECUTOR_URL is its address as Restate sees it. The execution goes on when it is back",
    },
  ],
  [
    "RT0011",
    {
      message: "Restate knows of no executor",
      hint: "Start one: it makes itself known. Then resume the execution",
    },
  ],
  [
    "RT0016",
    {
      message: "The execution did not do again what its journal says",
      hint: "Resume it with the release of Duranium that began it, or cancel it and retry it from the start. If neither changed, it is worth a bug report",
    },
  ],
]);
