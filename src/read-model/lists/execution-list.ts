import type { ExecutionSummary } from "../../api/contract/execution.ts";
import type { ExecutionFilter, ExecutionPosition } from "../../api/contract/services.ts";
import type { RecentExecution } from "../../api/contract/workflow.ts";
import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionStatus, PayloadFilter } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxListedFailureCharacters } from "../../domain/limits.ts";
import { executionCondition } from "../execution-condition.ts";
import {
  endFailureOf,
  lastFailureColumns,
  queuedCondition,
  summaryColumns,
  summaryOf,
} from "../execution-records.ts";
import { readStarts, startCondition } from "../execution-starts.ts";
import { lastFailureOf } from "../last-failure.ts";
import { predecessorColumn } from "../../journal/forks.ts";
import { idList } from "../restate-sql.ts";
import {
  filterByPayload,
  payloadCondition,
  readTagsOf,
  searchCondition,
  tagsCondition,
} from "./execution-search.ts";
import type { Row, RestateSql } from "../restate-sql.ts";

/** Lists executions, newest first. */
export async function listExecutions(
  restate: RestateSql,
  filter: ExecutionFilter,
  { after, limit }: PageRequest<ExecutionPosition>,
): Promise<Page<ExecutionSummary, ExecutionPosition>> {
  const { rows, next } = await matchingRows(restate, filter, { after, limit });
  const ids = rows.map((row) => String(row["id"]));
  const [starts, tags] = await Promise.all([readStarts(restate, ids), readTagsOf(restate, ids)]);
  const items = rows.map((row) => {
    const id = String(row["id"]);
    const own = tags.get(id);
    return {
      ...withFailure(summaryOf(row, starts.get(id)), row),
      ...(own === undefined ? {} : { tags: own }),
    };
  });
  return next === undefined ? { items } : { items, next };
}

/** Rows that one request checks for a field of the payload. A page with fewer items than its limit has a next page then. */
const maxCheckedPayloads = 1_000;

/** Reads the rows of one page, and its next position. */
async function matchingRows(
  restate: RestateSql,
  filter: ExecutionFilter,
  { after, limit }: PageRequest<ExecutionPosition>,
): Promise<{ readonly rows: readonly Row[]; readonly next?: ExecutionPosition }> {
  const { payload } = filter;
  using _scan = await startScan(filter);
  const wanted = payload === undefined ? limit : maxCheckedPayloads;
  const found = await restate.query(
    `SELECT ${summaryColumns}, ${lastFailureColumns} FROM sys_invocation
     WHERE ${[executionCondition, ...conditionsOf(filter), ...conditionAfter(after)].join(" AND ")}
     ORDER BY created_at DESC, id DESC LIMIT ${wanted + 1}`,
  );
  const checked = found.slice(0, wanted);
  const matching =
    payload === undefined ? checked : await withPayload(restate, checked, { payload, wanted: limit + 1 });
  const rows = matching.slice(0, limit);
  const hasMore = matching.length > limit || found.length > wanted;
  const last = hasMore ? (matching.length > limit ? rows : checked).at(-1) : undefined;
  return last === undefined ? { rows } : { rows, next: positionOf(last) };
}

/** Payloads that are in memory at the same time: each of them may have 64 KiB. */
const maxReadPayloads = 50;

/** Returns the first rows whose payload matches, `wanted` or a few more. */
async function withPayload(
  restate: RestateSql,
  rows: readonly Row[],
  { payload, wanted }: { readonly payload: PayloadFilter; readonly wanted: number },
): Promise<readonly Row[]> {
  const matching: Row[] = [];
  for (let start = 0; start < rows.length && matching.length < wanted; start += maxReadPayloads) {
    const some = rows.slice(start, start + maxReadPayloads);
    const ids = some.map((row) => String(row["id"]));
    const found = await filterByPayload(restate, ids, payload);
    matching.push(...some.filter((row) => found.has(String(row["id"]))));
  }
  return matching;
}

function positionOf(row: Row): ExecutionPosition {
  const { createdAt, executionId } = summaryOf(row, undefined);
  return [createdAt, executionId];
}

/**
 * Counts the matching executions. With a filter by payload, at most `maxCheckedPayloads` of the newest are checked.
 *
 * @returns `isExact`: false if there may be more
 */
export async function countExecutions(
  restate: RestateSql,
  filter: ExecutionFilter,
): Promise<{ readonly count: number; readonly isExact: boolean }> {
  if (filter.payload !== undefined) {
    const { rows, next } = await matchingRows(restate, filter, { limit: maxCheckedPayloads });
    return { count: rows.length, isExact: next === undefined };
  }
  using _scan = await startScan(filter);
  const [row] = await restate.query(
    `SELECT count(id) AS executions FROM sys_invocation
     WHERE ${[executionCondition, ...conditionsOf(filter)].join(" AND ")}`,
  );
  return { count: Number(row?.["executions"] ?? 0), isExact: true };
}

/** Adds the name and the shortened message of an execution's failure. A list shows no stacks. */
function withFailure(summary: ExecutionSummary, row: Row): ExecutionSummary {
  const failure = endFailureOf(row) ?? lastFailureOf(row, summary.status);
  if (failure === undefined) return summary;
  const { name, message } = failure;
  return { ...summary, failure: { name, message: shortened(message) } };
}

function shortened(message: string): string {
  if (message.length <= maxListedFailureCharacters) return message;
  return `${message.slice(0, maxListedFailureCharacters - 1)}…`.toWellFormed();
}

/** Reads the last executions of each workflow, newest first, with one query for all workflows. */
export async function listRecent(
  restate: RestateSql,
  workflowIds: readonly WorkflowId[],
  count: number,
): Promise<ReadonlyMap<WorkflowId, readonly RecentExecution[]>> {
  const rows = await restate.query(
    `SELECT ${summaryColumns} FROM (
       SELECT ${summaryColumns}, row_number() OVER (
         PARTITION BY target_service_key ORDER BY created_at DESC, id DESC
       ) AS age
       FROM sys_invocation WHERE ${executionCondition} AND ${oneOf(workflowIds)}
     ) WHERE age <= ${count} ORDER BY created_at DESC, id DESC`,
  );
  const summaries = rows.map((row) => summaryOf(row, undefined));
  return Map.groupBy(summaries, ({ workflowId }) => workflowId);
}

function conditionsOf(filter: ExecutionFilter): string[] {
  const { workflowId, workflowIds, workflowContains, status, createdAfter, createdBefore } = filter;
  const { executionIds, isRetried, tags = [], search, payload } = filter;
  const started = startCondition(filter);
  return [
    ...(workflowId === undefined ? [] : [`target_service_key = '${workflowId}'`]),
    ...(workflowIds === undefined ? [] : [oneOf(workflowIds)]),
    ...(workflowContains === undefined ? [] : [`target_service_key LIKE '%${workflowContains}%'`]),
    ...(executionIds === undefined ? [] : [`id IN (${idList(executionIds)})`]),
    ...(isRetried === undefined ? [] : [isRetried ? retriedCondition : `NOT ${retriedCondition}`]),
    ...(status === undefined ? [] : [statusConditions[status]]),
    ...(createdAfter === undefined ? [] : [`created_at >= to_timestamp_millis(${createdAfter})`]),
    ...(createdBefore === undefined ? [] : [`created_at < to_timestamp_millis(${createdBefore})`]),
    ...(started === undefined ? [] : [started]),
    ...(tags.length === 0 ? [] : [tagsCondition(tags)]),
    ...(search === undefined ? [] : [searchCondition(search)]),
    ...(payload === undefined ? [] : [payloadCondition(payload)]),
  ];
}

/**
 * Searches of inputs and errors read all of them in Restate, so a few run at a time.
 *
 * @throws {DuraniumError} `overloaded`
 */
async function startScan({ payload, search, tags = [] }: ExecutionFilter): Promise<Disposable | undefined> {
  if (payload === undefined && search === undefined && tags.length === 0) return undefined;
  if (scans.waiting >= maxWaitingScans)
    throw new DuraniumError(
      "overloaded",
      `Cannot search executions: ${maxWaitingScans} searches are waiting (maxWaitingScans). Repeat the request later`,
    );
  return await scans.take();
}

const maxScans = 3;
const maxWaitingScans = 50;
const scans = createSemaphore(maxScans);

function oneOf(workflowIds: readonly WorkflowId[]): string {
  if (workflowIds.length === 0) return "false";
  return `target_service_key IN (${idList(workflowIds)})`;
}

const retriedCondition = `id IN (SELECT ${predecessorColumn} FROM sys_invocation WHERE ${predecessorColumn} IS NOT NULL)`;

const cancelled = "completion_failure LIKE '[409]%'";
const skipped = "completion_failure LIKE '[412]%'";

/** The condition on Restate's columns for each status of an execution. */
const statusConditions: Record<ExecutionStatus, string> = {
  scheduled: "status IN ('pending', 'scheduled', 'ready')",
  running: "status = 'running'",
  queued: `status = 'suspended' AND ${queuedCondition}`,
  suspended: `status = 'suspended' AND NOT coalesce(${queuedCondition}, false)`,
  retrying: "status = 'backing-off'",
  paused: "status = 'paused'",
  completed: "status = 'completed' AND completion_result = 'success'",
  failed: `status = 'completed' AND completion_result = 'failure' AND NOT ${cancelled} AND NOT ${skipped}`,
  cancelled: `status = 'completed' AND completion_result = 'failure' AND ${cancelled}`,
  skipped: `status = 'completed' AND completion_result = 'failure' AND ${skipped}`,
};

/** The list is newest first, so an execution created later precedes every position and shifts no page. */
function conditionAfter(position: ExecutionPosition | undefined): string[] {
  if (position === undefined) return [];
  const [createdAt, executionId] = position;
  const time = `to_timestamp_millis(${createdAt})`;
  return [`(created_at < ${time} OR (created_at = ${time} AND id < '${executionId}'))`];
}

/** Lists the ids of matching executions that have no retry yet, newest first. */
export async function listUnretried(
  restate: RestateSql,
  filter: ExecutionFilter,
  limit: number,
): Promise<readonly ExecutionId[]> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE ${[executionCondition, ...conditionsOf({ ...filter, isRetried: false })].join(" AND ")}
     ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
  );
  return rows.map((row) => String(row["id"]) as ExecutionId);
}
