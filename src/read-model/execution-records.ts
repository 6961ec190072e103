import type { ExecutionDetail, ExecutionSummary, Step } from "../api/contract/execution.ts";
import { parseTimestamp } from "../base/time.ts";
import { DuraniumError } from "../domain/errors.ts";
import { isFinal } from "../domain/execution.ts";
import type { ExecutionStatus } from "../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import { maxStepBytes } from "../domain/limits.ts";
import type { Failure } from "../domain/outcome.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import { movedFrom } from "../journal/object-inputs.ts";
import { forkedFrom, isForkOf } from "../journal/forks.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { executionFailureOf } from "../journal/restate-failure.ts";
import type { RestateFailure } from "../journal/restate-failure.ts";
import { notFound } from "./absent-executions.ts";
import { executionCondition } from "./execution-condition.ts";
import { parseEntry } from "./journal-entries.ts";
import type { JournalEntry } from "./journal-entries.ts";
import { attemptsOf, lastFailureOf, pausedBecauseQuery } from "./last-failure.ts";
import { readStatuses } from "./response-status.ts";
import type { Row, RestateSql } from "./restate-sql.ts";
import { readTimeline, timelineOf, timelineQuery } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";
import { waitingFor } from "./waiting-for.ts";

/**
 * Reads one execution from Restate's SQL introspection: its row in `sys_invocation`, and its journal in `sys_journal` as a
 * timeline.
 */

/** The columns of `sys_invocation` that `summaryOf` needs. */
export const summaryColumns = `id, target_service_key, status, created_at, modified_at, completed_at,
  completion_result, completion_failure, scheduled_at, scheduled_start_at, idempotency_key, suspended_waiting_future_json`;

/** The condition that a suspended execution waits for the answer of its own or of a shared queue. */
export const queuedCondition = `(suspended_waiting_future_json LIKE '%"SignalName":"slot workflow:%'
  OR suspended_waiting_future_json LIKE '%"SignalName":"slot shared:%')`;

/** An execution with its timeline. */
export interface ExecutionRecord {
  readonly detail: ExecutionDetail;
  readonly timeline: Timeline;
  /** Its journal, of which the timeline is made. */
  readonly entries: readonly JournalEntry[];
}

/** The columns of `sys_invocation` that `lastFailureOf` needs. */
export const lastFailureColumns = "retry_count, next_retry_at, last_failure, last_failure_error_code";

/** The columns of `sys_invocation` for one execution. Restate omits `scheduled_start_at` unless `scheduled_at` is selected. */
const detailColumns = `${summaryColumns}, invoked_by_id, invoked_by_service_name, invoked_by_target,
  restarted_from, ${lastFailureColumns}`;

/**
 * @param withRetries true to look up the retries, which scans all executions of the workflow
 * @throws {DuraniumError} `execution-not-found`
 */
export async function readExecution(
  restate: RestateSql,
  id: ExecutionId,
  { withRetries = false } = {},
): Promise<ExecutionRecord> {
  const [row] = await restate.query(
    `SELECT ${detailColumns} FROM sys_invocation WHERE id = '${id}' AND ${executionCondition}`,
  );
  if (row === undefined) throw await notFound(restate, id);
  const isPaused = statusOf(row) === "paused" && typeof row["last_failure"] !== "string";
  const [journal, retries, [pausedBecause]] = await Promise.all([
    restate.query(timelineQuery(id)),
    withRetries && isFinal(statusOf(row)) ? restate.query(retriesQuery(id, row)) : [],
    isPaused ? restate.query(pausedBecauseQuery(id)) : [],
  ]);
  const entries = journal.map((each) => parseEntry(each));
  const read = timelineOf(entries);
  const timeline = { ...read, steps: await withStatuses(restate, id, read) };
  return { detail: detailOf(row, timeline, { retries, pausedBecause }), timeline, entries };
}

/** The condition on the workflow limits the scan to the workflow's executions. */
function retriesQuery(id: ExecutionId, { target_service_key: workflowId }: Row): string {
  return `SELECT id, restarted_from FROM sys_invocation
    WHERE ${executionCondition} AND target_service_key = '${workflowId}' AND (restarted_from = '${id}' OR restarted_from IS NULL AND ${isForkOf(id)})
    ORDER BY created_at DESC, id DESC`;
}

function detailOf(
  row: Row,
  timeline: Timeline,
  { retries, pausedBecause }: { readonly retries: readonly Row[]; readonly pausedBecause: Row | undefined },
): ExecutionDetail {
  const summary = summaryOf(row, timeline.start);
  const lastFailure = lastFailureOf(row, summary.status, pausedBecause);
  return {
    ...summary,
    ...(timeline.entryPoint === undefined ? {} : { entryPoint: timeline.entryPoint }),
    ...(timeline.caller === undefined ? {} : { caller: timeline.caller }),
    ...tagsOf(timeline),
    ...(timeline.schedule === undefined ? {} : { schedule: timeline.schedule }),
    ...relativesOf(row, timeline),
    ...descendantsOf(retries),
    input: timeline.input ?? null,
    // The journal is read after the row, so it may contain an end that the row does not show yet.
    ...(isFinal(summary.status) ? endOf(timeline, row) : {}),
    ...(lastFailure === undefined ? {} : { lastFailure }),
    waitingFor: waitingFor(summary.status, row, timeline.asked),
    attempts: attemptsOf(row),
    steps: timeline.steps.map((step) => stepOfEnded(step, summary)),
  };
}

function tagsOf({ tags = [], ownTags = [] }: Timeline): Pick<ExecutionDetail, "tags"> {
  const all = new Set([...tags, ...ownTags]);
  return all.size === 0 ? {} : { tags: [...all] };
}

/** @param rows the retries and the forks of the execution, newest first */
function descendantsOf(rows: readonly Row[]): Pick<ExecutionDetail, "retries" | "forks"> {
  const forks = idsOf(rows.filter((row) => !isRetry(row)));
  return { retries: idsOf(rows.filter(isRetry)), ...(forks.length === 0 ? {} : { forks }) };
}

function isRetry(row: Row): boolean {
  return typeof row["restarted_from"] === "string";
}

function idsOf(rows: readonly Row[]): readonly ExecutionId[] {
  return rows.map(({ id }) => String(id) as ExecutionId);
}

/** A step without a result is abandoned when its execution ends, for example a timer that the workflow cleared. */
function stepOfEnded(step: Step, { status, completedAt }: ExecutionSummary): Step {
  if (step.outcome !== "pending" || !isFinal(status)) return step;
  return { ...step, outcome: "abandoned", ...(completedAt === undefined ? {} : { endedAt: completedAt }) };
}

function relativesOf(
  row: Row,
  { steps }: Timeline,
): Pick<ExecutionDetail, "parent" | "children" | "retryOf" | "forkOf"> {
  const { invoked_by_id: parentId, invoked_by_target: parentTarget, restarted_from: retryOf } = row;
  const forkOf = typeof retryOf === "string" ? undefined : forkedFrom(row["idempotency_key"]);
  const isCalled = typeof parentId === "string" && row["invoked_by_service_name"] === workflowObjectName;
  const [, parentWorkflow] = String(parentTarget).split("/");
  const parent = { executionId: parentId as ExecutionId, workflowId: parentWorkflow as WorkflowId };
  return {
    ...(isCalled ? { parent } : {}),
    children: steps.flatMap(({ child }) => (child === undefined ? [] : [child])),
    ...(typeof retryOf === "string" ? { retryOf: retryOf as ExecutionId } : {}),
    ...(forkOf === undefined ? {} : { forkOf }),
  };
}

function endOf({ output }: Timeline, row: Row): Pick<ExecutionDetail, "result" | "failure"> {
  if (output !== undefined && "value" in output) return { result: output.value };
  if (output !== undefined) return { failure: executionFailureOf(output.failure) };
  // An invocation that was killed has no output in its journal.
  const failure = completionFailureOf(row);
  return failure === undefined ? {} : { failure: executionFailureOf(failure) };
}

/**
 * The name and message of an execution's failure, without reading its journal. They are parsed from the text that
 * `failureText` made.
 *
 * @returns undefined if the execution has not failed
 */
export function endFailureOf(row: Row): Pick<Failure, "name" | "message"> | undefined {
  const failure = completionFailureOf(row);
  if (failure === undefined) return undefined;
  const { name } = executionFailureOf(failure);
  const text = failure.message.replace(/(?:\n\s*at [^\n]*:\d+:\d+\)?)+$/, "");
  const [, ownName, message] = /^([\p{L}_$][\p{L}\d_$]*): (.*)$/su.exec(text) ?? [];
  return ownName === undefined || message === undefined
    ? { name, message: text }
    : { name: ownName, message };
}

function completionFailureOf(row: Row): RestateFailure | undefined {
  const [, code, message] = /^\[(\d+)\] (.*)$/s.exec(String(row["completion_failure"] ?? "")) ?? [];
  return code === undefined || message === undefined ? undefined : { code: Number(code), message };
}

/**
 * Reads the status of an execution, without its journal.
 *
 * @throws {DuraniumError} `execution-not-found`
 */
export async function readExecutionStatus(restate: RestateSql, id: ExecutionId): Promise<ExecutionStatus> {
  const [row] = await restate.query(
    `SELECT status, completion_result, completion_failure, suspended_waiting_future_json
     FROM sys_invocation WHERE id = '${id}' AND ${executionCondition}`,
  );
  if (row === undefined) throw await notFound(restate, id);
  return statusOf(row);
}

/**
 * Reads one step of an execution. Unlike a timeline, it includes a large result of up to `maxStepBytes`.
 *
 * @throws {DuraniumError} `execution-not-found`, `step-not-found`
 */
export async function readStep(restate: RestateSql, id: ExecutionId, index: number): Promise<Step> {
  const rows = await restate.query(timelineQuery(id));
  if (rows.length === 0) await readExecutionStatus(restate, id);
  const { steps, resultIndexes } = readTimeline(rows);
  const step = steps.find((each) => each.index === index);
  if (step === undefined) throw new DuraniumError("step-not-found", `Execution "${id}" has no step ${index}`);
  const resultIndex = resultIndexes.get(index);
  if (resultIndex === undefined || !isHidden(step) || (step.resultBytes ?? 0) > maxStepBytes) return step;
  const [result] = await restate.query(
    `SELECT encode(raw, 'base64') AS raw FROM sys_journal WHERE id = '${id}' AND index = ${resultIndex}`,
  );
  const whole = rows.map((row) => (row["index"] === resultIndex ? { ...row, ...result } : row));
  return readTimeline(whole, resultIndex).steps.find((each) => each.index === index) ?? step;
}

/** True if the result is too large for a timeline. */
function isHidden({ outcome, result, resultBytes }: Step): boolean {
  return outcome === "succeeded" && result === undefined && resultBytes !== undefined;
}

/**
 * A cache of the statuses of large responses, by execution, index and time of the result. Entries never change. Without the
 * cache, Restate would read the whole result each time, and the web UI polls a running execution every second.
 */
const knownStatuses = new Map<string, number | undefined>();
const maxKnownStatuses = 10_000;

function cacheStatus(key: string, status: number | undefined): void {
  const [oldest] = knownStatuses.size < maxKnownStatuses ? [] : knownStatuses.keys();
  if (oldest !== undefined) knownStatuses.delete(oldest);
  knownStatuses.set(key, status);
}

/** Adds the statuses of responses that are too large for a timeline. */
async function withStatuses(
  restate: RestateSql,
  id: ExecutionId,
  { steps, resultIndexes }: Timeline,
): Promise<readonly Step[]> {
  const large = steps.filter(
    (step) => step.operation === "fetch" && step.httpStatus === undefined && isHidden(step),
  );
  if (large.length === 0) return steps;
  const keyOf = ({ index, endedAt }: Step) => `${id} ${resultIndexes.get(index)} ${endedAt}`;
  const unknown = large.filter((step) => !knownStatuses.has(keyOf(step)));
  const indexes = unknown.flatMap(({ index }) => resultIndexes.get(index) ?? []);
  const statuses = await readStatuses(restate, id, indexes);
  for (const step of unknown) cacheStatus(keyOf(step), statuses.get(resultIndexes.get(step.index) ?? -1));
  return steps.map((step) => {
    const httpStatus = step.httpStatus ?? knownStatuses.get(keyOf(step));
    return httpStatus === undefined ? step : { ...step, httpStatus };
  });
}

/** True if the execution has not started. */
export async function isScheduled(restate: RestateSql, id: ExecutionId): Promise<boolean> {
  const [row] = await restate.query(`SELECT status FROM sys_invocation WHERE id = '${id}'`);
  return row !== undefined && statusOf(row) === "scheduled";
}

/**
 * Reads the workflow of an execution.
 *
 * @throws {DuraniumError} `execution-not-found`
 */
export async function readWorkflowOf(restate: RestateSql, id: ExecutionId): Promise<WorkflowId> {
  const [row] = await restate.query(
    `SELECT target_service_key FROM sys_invocation WHERE id = '${id}' AND ${executionCondition}`,
  );
  if (row === undefined) throw await notFound(restate, id);
  return String(row["target_service_key"]) as WorkflowId;
}

/** @param start undefined until the execution has started */
export function summaryOf(row: Row, start: ExecutionStart | undefined): ExecutionSummary {
  const completedAt = timeIn(row, "completed_at");
  return {
    executionId: String(row["id"]) as ExecutionId,
    workflowId: String(row["target_service_key"]) as WorkflowId,
    ...(start === undefined ? {} : { version: start.version }),
    ...(start === undefined || start.entryPoint === null ? {} : { entryPoint: start.entryPoint }),
    status: statusOf(row),
    createdAt: timeIn(row, "created_at") ?? Number.NaN,
    modifiedAt: timeIn(row, "modified_at") ?? Number.NaN,
    ...(completedAt === undefined ? {} : { completedAt }),
    ...scheduledAtOf(row),
    ...movedFromOf(row),
  };
}

function movedFromOf(row: Row): { readonly movedFrom?: ExecutionId } {
  const from = movedFrom(String(row["idempotency_key"]));
  return from === undefined ? {} : { movedFrom: from };
}

function scheduledAtOf(row: Row): { readonly scheduledAt?: number } {
  const scheduledAt = statusOf(row) === "scheduled" ? timeIn(row, "scheduled_start_at") : undefined;
  return scheduledAt === undefined ? {} : { scheduledAt };
}

function timeIn(row: Row, column: string): number | undefined {
  return parseTimestamp(String(row[column]));
}

/** @param row with the columns `status`, `completion_result` and `completion_failure` */
export function statusOf(row: Row): ExecutionStatus {
  const status = String(row["status"]);
  if (status === "completed") return endedAs(row);
  if (status === "backing-off") return "retrying";
  if (status === "suspended" && isQueued(row)) return "queued";
  if (status === "running" || status === "suspended" || status === "paused") return status;
  return "scheduled";
}

function endedAs(row: Row): ExecutionStatus {
  if (row["completion_result"] === "success") return "completed";
  const failure = String(row["completion_failure"]);
  if (failure.startsWith("[412]")) return "skipped";
  return failure.startsWith("[409]") ? "cancelled" : "failed";
}

/** A suspended execution is queued while a signal that wakes it is the answer of a queue. */
function isQueued(row: Row): boolean {
  return queuedPattern.test(String(row["suspended_waiting_future_json"] ?? ""));
}

const queuedPattern = /"SignalName":\s*"slot (?:workflow|shared):/;
