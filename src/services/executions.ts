import { z } from "zod";
import type { ExecutionFilter, ExecutionService, Page, PageRequest } from "../api/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionDetail, ExecutionStatus, ExecutionSummary } from "../domain/execution.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { decodeCursor, encodeCursor } from "../stores/cursor.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import { isGenuine, readToken } from "./callback-token.ts";
import type { CallbackToken } from "./callback-token.ts";
import { executionObjectName } from "./execution-object.ts";
import type { CallbackInput, EventInput } from "./execution-object.ts";
import type { RestateClient, Row } from "./restate-client.ts";
import { executionFailureOf } from "./restate-error.ts";
import { readStart, readTimeline, startsQuery, timelineQuery } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";
import { workflowObjectName } from "./workflow-object.ts";
import type { ExecutionStart } from "./workflow-object.ts";

/** Executions, as Restate knows them: nothing about them is kept anywhere else. */
export function createExecutionService(
  restate: RestateClient,
  workflows: Pick<WorkflowStore, "get">,
): ExecutionService {
  const get = async (executionId: ExecutionId) => await readExecution(restate, executionId);
  return {
    get,
    async execute({ workflowId, entryPoint, payload, idempotencyKey }) {
      workflows.get(workflowId);
      const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
      return await restate.send(target, { entryPoint, payload }, idempotencyKey);
    },
    async wait(executionId, timeoutMs, signal) {
      await ended(restate, executionId, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      return await get(executionId);
    },
    list: async (filter, page) => await listExecutions(restate, filter, page),
    async cancel(executionId) {
      await restate.cancel(executionId);
      await endWhatDoesNot(restate, executionId);
    },
    async sendEvent(executionId, name, payload) {
      await requireLive(restate, executionId);
      const input: EventInput = { name, now: Date.now(), value: payload };
      await restate.call({ object: executionObjectName, key: executionId, handler: "event" }, input);
    },
    async resolveCallback(token, payload) {
      const { executionId, callback } = await verifyToken(restate, token);
      await requireLive(restate, executionId);
      const input: CallbackInput = { callback, now: Date.now(), value: payload };
      await restate.call({ object: executionObjectName, key: executionId, handler: "callback" }, input);
    },
    async retry(executionId, version) {
      const { status, version: pinned } = await get(executionId);
      if (!isFinal(status)) throw notEnded(executionId);
      // The entry after the input is the look-up of the version: with it in the prefix it stays.
      const from = version === "same" && pinned !== undefined ? 1 : 0;
      return { executionId: await restate.restart(executionId, from) };
    },
  };
}

/** An execution that is paused or backs off is woken, so that it can clean up; one that loops is ended. */
async function endWhatDoesNot(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const target = { object: executionObjectName, key: executionId, handler: "ensureEnded" };
  await restate.send(target, null, "cancelled");
  await restate.resume(executionId);
}

/**
 * Restate drops without a word what is sent to an invocation that has ended, or is to begin later.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-ended`, `execution-not-begun`
 */
async function requireLive(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const [row] = await restate.query(
    `SELECT status FROM sys_invocation WHERE id = '${executionId}' AND ${ofExecute}`,
  );
  if (row === undefined)
    throw new DuraniumError("execution-not-found", `There is no execution "${executionId}"`);
  if (row["status"] === "scheduled") {
    throw new DuraniumError(
      "execution-not-begun",
      `Execution "${executionId}" takes nothing yet: it begins later`,
    );
  }
  if (row["status"] !== "completed") return;
  throw new DuraniumError(
    "execution-ended",
    `Execution "${executionId}" takes nothing any more: it has ended`,
  );
}

/** @throws {DuraniumError} `callback-not-found` */
async function verifyToken(restate: RestateClient, text: string): Promise<CallbackToken> {
  const token = readToken(text);
  if (token !== undefined) {
    const [row] = await restate.query(startsQuery([token.executionId]));
    const seed = row === undefined ? undefined : readStart(row)?.seed;
    if (seed !== undefined && isGenuine(token, seed)) return token;
  }
  throw new DuraniumError("callback-not-found", "There is no such callback");
}

function isFinal(status: ExecutionStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function notEnded(executionId: ExecutionId): DuraniumError {
  return new DuraniumError(
    "execution-not-ended",
    `Execution "${executionId}" cannot be retried: it has not ended`,
  );
}

/** Resolves when the execution has ended or `signal` aborts, whichever comes first. */
async function ended(restate: RestateClient, executionId: ExecutionId, signal: AbortSignal): Promise<void> {
  try {
    await restate.attach(executionId, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const summaryColumns = `id, target_service_key, status, created_at, modified_at, completed_at,
  completion_result, completion_failure`;

const ofExecute = `target_service_name = '${workflowObjectName}' AND target_handler_name = 'execute'`;

async function readExecution(restate: RestateClient, id: ExecutionId): Promise<ExecutionDetail> {
  const [row] = await restate.query(
    `SELECT ${summaryColumns}, retry_count, last_failure, last_failure_error_code
     FROM sys_invocation WHERE id = '${id}' AND ${ofExecute}`,
  );
  if (row === undefined) throw new DuraniumError("execution-not-found", `There is no execution "${id}"`);
  const timeline = readTimeline(await restate.query(timelineQuery(id)));
  return detailOf(row, timeline);
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

async function listExecutions(
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

function conditionsOf({ workflowId, status }: ExecutionFilter): string[] {
  return [
    ...(workflowId === undefined ? [] : [`target_service_key = '${workflowId}'`]),
    ...(status === undefined ? [] : [statusConditions[status]]),
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
