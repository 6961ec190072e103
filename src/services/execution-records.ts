import { z } from "zod";
import type { ExecutionFilter, Page, PageRequest } from "../api/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionDetail, ExecutionStatus, ExecutionSummary } from "../domain/execution.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { decodeCursor, encodeCursor } from "../stores/cursor.ts";
import type { RestateClient, Row } from "./restate-client.ts";
import { executionFailureOf } from "./restate-error.ts";
import { readStart, readTimeline, startsQuery, timelineQuery } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";
import { workflowObjectName } from "./workflow-object.ts";
import type { ExecutionStart } from "./workflow-object.ts";

/** What Restate's SQL introspection knows of executions: `sys_invocation` and `sys_journal`. */

const summaryColumns = `id, target_service_key, status, created_at, modified_at, completed_at,
  completion_result, completion_failure`;

/** The condition that tells executions from other invocations. */
export const ofExecute = `target_service_name = '${workflowObjectName}' AND target_handler_name = 'execute'`;

/** Ids of executions that match and were not retried yet, the newest first. */
export async function listNotRetried(
  restate: RestateClient,
  filter: ExecutionFilter,
  limit: number,
): Promise<readonly ExecutionId[]> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE ${[ofExecute, ...conditionsOf(filter)].join(" AND ")}
       AND id NOT IN (SELECT restarted_from FROM sys_invocation WHERE restarted_from IS NOT NULL)
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
  );
  return rows.map((row) => String(row["id"]) as ExecutionId);
}

/** An execution, and its journal as a timeline. */
export interface ExecutionRecord {
  readonly detail: ExecutionDetail;
  readonly timeline: Timeline;
}

/** @throws {DuraniumError} `execution-not-found` */
export async function readExecution(restate: RestateClient, id: ExecutionId): Promise<ExecutionRecord> {
  const [row] = await restate.query(
    `SELECT ${summaryColumns}, retry_count, last_failure, last_failure_error_code
     FROM sys_invocation WHERE id = '${id}' AND ${ofExecute}`,
  );
  if (row === undefined) throw new DuraniumError("execution-not-found", `There is no execution "${id}"`);
  const timeline = readTimeline(await restate.query(timelineQuery(id)));
  return { detail: detailOf(row, timeline), timeline };
}

function detailOf(row: Row, timeline: Timeline): ExecutionDetail {
  const summary = summaryOf(row, timeline.start);
  return {
    ...summary,
    ...(timeline.entryPoint === undefined ? {} : { entryPoint: timeline.entryPoint }),
    input: timeline.input ?? null,
    ...endOf(timeline, row),
    ...lastFailureOf(row, summary.status),
    attempts: Math.max(1, Number(row["retry_count"] ?? 1)),
    steps: timeline.steps,
  };
}

function endOf({ output }: Timeline, row: Row): Pick<ExecutionDetail, "result" | "failure"> {
  if (output !== undefined && "value" in output) return { result: output.value };
  if (output !== undefined) return { failure: executionFailureOf(output.failure) };
  // An invocation that was killed has no output in its journal.
  const told = /^\[(\d+)\] (.*)$/s.exec(String(row["completion_failure"] ?? ""));
  if (told === null) return {};
  return { failure: executionFailureOf({ code: Number(told[1]), message: told[2] ?? "" }) };
}

function lastFailureOf(row: Row, status: ExecutionStatus): Pick<ExecutionDetail, "lastFailure"> {
  const message = row["last_failure"];
  if (typeof message !== "string" || (status !== "retrying" && status !== "paused")) return {};
  return { lastFailure: { name: "Error", message } };
}

/** Where an execution is, without its journal. @throws {DuraniumError} `execution-not-found` */
export async function readExecutionStatus(restate: RestateClient, id: ExecutionId): Promise<ExecutionStatus> {
  const [row] = await restate.query(
    `SELECT status, completion_result, completion_failure FROM sys_invocation WHERE id = '${id}' AND ${ofExecute}`,
  );
  if (row === undefined) throw new DuraniumError("execution-not-found", `There is no execution "${id}"`);
  return statusOf(row);
}

/** Newest first. */
export async function listExecutions(
  restate: RestateClient,
  filter: ExecutionFilter,
  { cursor, limit }: PageRequest,
): Promise<Page<ExecutionSummary>> {
  const rows = await restate.query(
    `SELECT ${summaryColumns} FROM sys_invocation
     WHERE ${[ofExecute, ...conditionsOf(filter), ...after(cursor)].join(" AND ")}
     ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`,
  );
  const shown = rows.slice(0, limit);
  const starts = await startsOf(restate, shown);
  const items = shown.map((row) => summaryOf(row, starts.get(String(row["id"]))));
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items };
  return { items, cursor: encodeCursor([last.createdAt, last.executionId]) };
}

function conditionsOf({ workflowId, status, createdAfter, createdBefore }: ExecutionFilter): string[] {
  return [
    ...(workflowId === undefined ? [] : [`target_service_key = '${workflowId}'`]),
    ...(status === undefined ? [] : [statusConditions[status]]),
    ...(createdAfter === undefined ? [] : [`created_at >= to_timestamp_millis(${createdAfter})`]),
    ...(createdBefore === undefined ? [] : [`created_at < to_timestamp_millis(${createdBefore})`]),
  ];
}

const cancelled = "completion_failure LIKE '[409]%'";

/** Restate's words for each of ours. */
const statusConditions: Record<ExecutionStatus, string> = {
  scheduled: "status IN ('pending', 'scheduled', 'ready')",
  running: "status = 'running'",
  suspended: "status = 'suspended'",
  retrying: "status = 'backing-off'",
  paused: "status = 'paused'",
  completed: "status = 'completed' AND completion_result = 'success'",
  failed: `status = 'completed' AND completion_result = 'failure' AND NOT ${cancelled}`,
  cancelled: `status = 'completed' AND completion_result = 'failure' AND ${cancelled}`,
};

const cursorSchema = z.tuple([z.int().nonnegative(), z.string()]);

/** Newest first; an execution that arrives meanwhile is before every cursor, so pages do not shift. */
function after(cursor: string | undefined): string[] {
  if (cursor === undefined) return [];
  const [createdAt, lastId] = decodeCursor(cursor, cursorSchema);
  const time = `to_timestamp_millis(${createdAt})`;
  return [`(created_at < ${time} OR (created_at = ${time} AND id < '${parseCursorId(lastId)}'))`];
}

function parseCursorId(id: string): ExecutionId {
  try {
    return parseExecutionId(id);
  } catch (cause) {
    throw new DuraniumError("invalid-cursor", "The cursor was not made by this list", { cause });
  }
}

async function startsOf(restate: RestateClient, rows: readonly Row[]): Promise<Map<string, ExecutionStart>> {
  if (rows.length === 0) return new Map();
  const found = await restate.query(startsQuery(rows.map((row) => String(row["id"]))));
  const starts = new Map<string, ExecutionStart>();
  for (const row of found) {
    const start = readStart(row);
    if (start !== undefined) starts.set(String(row["id"]), start);
  }
  return starts;
}

function summaryOf(row: Row, start: ExecutionStart | undefined): ExecutionSummary {
  const completedAt = row["completed_at"];
  return {
    executionId: String(row["id"]) as ExecutionId,
    workflowId: String(row["target_service_key"]) as WorkflowId,
    ...(start === undefined ? {} : { version: start.version }),
    ...(start === undefined || start.entryPoint === null ? {} : { entryPoint: start.entryPoint }),
    status: statusOf(row),
    createdAt: Date.parse(String(row["created_at"])),
    modifiedAt: Date.parse(String(row["modified_at"])),
    ...(typeof completedAt === "string" ? { completedAt: Date.parse(completedAt) } : {}),
  };
}

function statusOf(row: Row): ExecutionStatus {
  const status = String(row["status"]);
  if (status === "completed") return endedAs(row);
  if (status === "backing-off") return "retrying";
  if (status === "running" || status === "suspended" || status === "paused") return status;
  return "scheduled";
}

function endedAs(row: Row): ExecutionStatus {
  if (row["completion_result"] === "success") return "completed";
  return String(row["completion_failure"]).startsWith("[409]") ? "cancelled" : "failed";
}
