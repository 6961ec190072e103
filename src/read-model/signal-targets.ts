import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { notFound } from "./absent-executions.ts";
import { predecessorColumn } from "../journal/forks.ts";
import { executionCondition } from "./execution-condition.ts";
import { readStarts } from "./execution-starts.ts";
import { idList } from "./restate-sql.ts";
import type { Row, RestateSql } from "./restate-sql.ts";

/** A running execution, which can receive signals. */
export interface SignalTarget {
  readonly executionId: ExecutionId;
  /** True if it is a fork or a retry from the failed step, and so has the signals of another execution already. */
  readonly reusesSteps: boolean;
}

type Query = RestateSql;

/**
 * Finds the execution that a signal must be sent to. Restate silently drops a signal to an invocation that has ended or has
 * not started, so both are rejected here.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-ended`, `execution-not-started`
 */
export async function findSignalTarget(restate: Query, executionId: ExecutionId): Promise<SignalTarget> {
  return await signalTargetOf(restate, assertRunning(executionId, await readRow(restate, executionId)));
}

/**
 * Finds the execution that receives a callback of this execution: the execution itself or, if it has ended, its newest
 * active retry or fork that reuses its steps, since that one waits for the same callback.
 *
 * @throws as `findSignalTarget`
 */
export async function findCallbackTarget(restate: Query, executionId: ExecutionId): Promise<SignalTarget> {
  const row = await readRow(restate, executionId);
  const activeRetry =
    row["status"] === "completed" ? await findActiveRetry(restate, executionId, row) : undefined;
  return activeRetry ?? (await signalTargetOf(restate, assertRunning(executionId, row)));
}

const columns = `id, target_service_key, status, created_at, ${predecessorColumn} AS predecessor`;

async function readRow(restate: Query, executionId: ExecutionId): Promise<Row> {
  const [row] = await restate.query(
    `SELECT ${columns} FROM sys_invocation WHERE id = '${executionId}' AND ${executionCondition}`,
  );
  if (row === undefined) throw await notFound(restate, executionId);
  return row;
}

function assertRunning(executionId: ExecutionId, row: Row): Row {
  if (row["status"] === "scheduled") {
    throw new DuraniumError(
      "execution-not-started",
      `Cannot send to execution "${executionId}": it has not started`,
    );
  }
  if (row["status"] !== "completed") return row;
  throw new DuraniumError("execution-ended", `Cannot send to execution "${executionId}": it has ended`);
}

async function signalTargetOf(restate: Query, row: Row): Promise<SignalTarget> {
  const executionId = String(row["id"]) as ExecutionId;
  if (typeof row["predecessor"] !== "string") return { executionId, reusesSteps: false };
  const start = (await readStarts(restate, [executionId])).get(executionId);
  return { executionId, reusesSteps: start !== undefined && start.executionId !== executionId };
}

/** Finds the active retries and forks, including retries of retries, one generation at a time. */
async function findActiveRetry(
  restate: Query,
  executionId: ExecutionId,
  { target_service_key: workflowId }: Row,
): Promise<SignalTarget | undefined> {
  const live: Row[] = [];
  let generation = [String(executionId)];
  while (generation.length > 0) {
    const retries = await restate.query(
      `SELECT ${columns} FROM sys_invocation
       WHERE ${executionCondition} AND target_service_key = '${workflowId}' AND ${predecessorColumn} IN (${idList(generation)})`,
    );
    live.push(...retries.filter(({ status }) => status !== "completed"));
    generation = retries.map(({ id }) => String(id));
  }
  return await newestActiveRetry(restate, executionId, live);
}

/** Skips retries from the start: they have an id of their own, and so other callbacks. */
async function newestActiveRetry(
  restate: Query,
  executionId: ExecutionId,
  live: readonly Row[],
): Promise<SignalTarget | undefined> {
  const ids = live
    .toSorted((one, other) => String(other["created_at"]).localeCompare(String(one["created_at"])))
    .map(({ id }) => String(id) as ExecutionId);
  const starts = await readStarts(restate, ids);
  const activeRetry = ids.find((id) => starts.get(id)?.executionId === executionId);
  return activeRetry === undefined ? undefined : { executionId: activeRetry, reusesSteps: true };
}
