import { z } from "zod";
import { parseExecutionId } from "../domain/ids.ts";
import type { FlowSettings } from "../domain/automation/flow-settings.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { CurrentVersion } from "../domain/workflow.ts";
import {
  executionObjectName,
  queueObjectName,
  workflowObjectName,
  workflowStateName,
} from "../journal/object-names.ts";
import { isHidden } from "./absent-executions.ts";
import { predecessorColumn } from "../journal/forks.ts";
import { executionCondition } from "./execution-condition.ts";
import { idList } from "./restate-sql.ts";
import type { RestateSql } from "./restate-sql.ts";

/** What the objects, retention and the start-up checks ask Restate: which workflows and executions exist, in which state. */

/** The current version of each workflow that has one. */
export async function readCurrentVersions(
  restate: RestateSql,
  workflowIds: readonly WorkflowId[],
): Promise<ReadonlyMap<WorkflowId, number>> {
  if (workflowIds.length === 0) return new Map();
  const rows = await restate.query(
    `SELECT service_key, value_utf8 FROM state
     WHERE ${currentVersionCondition} AND service_key IN (${idList(workflowIds)})`,
  );
  return new Map(
    rows.map((row) => [
      String(row["service_key"]) as WorkflowId,
      currentSchema.parse(JSON.parse(String(row["value_utf8"]))).version,
    ]),
  );
}

/** The flow control that the code of the current version declares. */
export async function readCurrentFlow(
  restate: RestateSql,
  workflowId: WorkflowId,
): Promise<FlowSettings | undefined> {
  const [row] = await restate.query(
    `SELECT value_utf8 FROM state WHERE ${currentVersionCondition} AND service_key = '${workflowId}'`,
  );
  if (row === undefined) return undefined;
  return (JSON.parse(String(row["value_utf8"])) as CurrentVersion).flow;
}

/** The state key that a deploy sets and a removal clears. */
const currentVersionCondition = `service_name = '${workflowObjectName}' AND key = 'current'`;

const currentSchema = z.object({ version: z.int() });

/** Any workflow that has a current version. */
export async function findDeployedWorkflow(restate: RestateSql): Promise<WorkflowId | undefined> {
  const [row] = await restate.query(`SELECT service_key FROM state WHERE ${currentVersionCondition} LIMIT 1`);
  return row === undefined ? undefined : (String(row["service_key"]) as WorkflowId);
}

/** True if a workflow has a current version, or an invocation such as a first deploy that has not set it yet. */
export async function hasWorkflowData(restate: RestateSql): Promise<boolean> {
  const [deployed, invocations] = await Promise.all([
    findDeployedWorkflow(restate),
    restate.query(
      `SELECT id FROM sys_invocation WHERE target_service_name = '${workflowObjectName}' LIMIT 1`,
    ),
  ]);
  return deployed !== undefined || invocations.length > 0;
}

/** Those of `executionIds` that Restate still has. */
export async function existingExecutions(
  restate: RestateSql,
  executionIds: readonly ExecutionId[],
): Promise<ReadonlySet<ExecutionId>> {
  if (executionIds.length === 0) return new Set();
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE id IN (${idList(executionIds)}) AND target_service_name = '${workflowObjectName}'`,
  );
  const existing = new Set(rows.map((row) => String(row["id"]) as ExecutionId));
  for (const id of executionIds) if (!existing.has(id) && (await isHidden(restate, id))) existing.add(id);
  return existing;
}

export async function hasRunningExecutions(restate: RestateSql, workflowId: WorkflowId): Promise<boolean> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation WHERE ${executionsOf(workflowId)} AND status <> 'completed' LIMIT 1`,
  );
  return rows.length > 0;
}

export async function listExecutionIds(
  restate: RestateSql,
  workflowId: WorkflowId,
): Promise<readonly ExecutionId[]> {
  const rows = await restate.query(`SELECT id FROM sys_invocation WHERE ${executionsOf(workflowId)}`);
  return rows.map((row) => parseExecutionId(String(row["id"])));
}

function executionsOf(workflowId: WorkflowId): string {
  return `${executionCondition} AND target_service_key = '${workflowId}'`;
}

/** Executions of a workflow that ended before a time, in milliseconds since the Unix epoch. */
export interface Expiry {
  readonly workflowId: WorkflowId;
  readonly endedBefore: number;
}

/**
 * Expired executions in the order of their ids. An execution that a running one retries or is forked from, over any number of
 * retries, is left out: the retry may still reuse its steps, and its callbacks are known by its id.
 */
export async function listExpired(
  restate: RestateSql,
  expiries: readonly Expiry[],
  { after, limit }: { readonly after: ExecutionId | undefined; readonly limit: number },
): Promise<readonly ExecutionId[]> {
  const expired = expiries.map(
    ({ workflowId, endedBefore }) =>
      `(target_service_key = '${workflowId}' AND completed_at < to_timestamp_millis(${endedBefore}))`,
  );
  const rows = await restate.query(
    `WITH RECURSIVE retries AS (
       SELECT id, status, ${predecessorColumn} AS predecessor FROM sys_invocation WHERE ${executionCondition}
     ), needed AS (
       SELECT predecessor AS id FROM retries WHERE predecessor IS NOT NULL AND status <> 'completed'
       UNION ALL
       SELECT retries.predecessor AS id FROM retries JOIN needed ON retries.id = needed.id
       WHERE retries.predecessor IS NOT NULL
     )
     SELECT id FROM sys_invocation
     WHERE ${executionCondition} AND status = 'completed' AND (${expired.join(" OR ")})
       ${after === undefined ? "" : `AND id > '${after}'`} AND id NOT IN (SELECT id FROM needed)
     ORDER BY id LIMIT ${limit}`,
  );
  return rows.map((row) => parseExecutionId(String(row["id"])));
}

/** Restate's status of any invocation: `running`, `backing-off`… */
export async function readInvocationStatus(
  restate: RestateSql,
  id: ExecutionId,
): Promise<string | undefined> {
  const [row] = await restate.query(`SELECT status FROM sys_invocation WHERE id = '${id}'`);
  return row === undefined ? undefined : String(row["status"]);
}

/** Executions of these workflows that wait for their next attempt. */
export async function listBackingOff(
  restate: RestateSql,
  workflowIds: readonly WorkflowId[],
  limit: number,
): Promise<readonly { readonly executionId: ExecutionId; readonly workflowId: WorkflowId }[]> {
  const rows = await restate.query(
    `SELECT id, target_service_key FROM sys_invocation
     WHERE ${executionCondition} AND status = 'backing-off' AND target_service_key IN (${idList(workflowIds)})
     LIMIT ${limit}`,
  );
  return rows.map((row) => ({
    executionId: parseExecutionId(String(row["id"])),
    workflowId: String(row["target_service_key"]) as WorkflowId,
  }));
}

/** Invocations that wait for their next attempt, and paused ones of the objects that no operator looks after. */
export async function listResumable(restate: RestateSql, limit: number): Promise<readonly ExecutionId[]> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE status = 'backing-off'
        OR (status = 'paused' AND target_service_name IN ('${workflowStateName}', '${executionObjectName}', '${queueObjectName}'))
     LIMIT ${limit}`,
  );
  return rows.map(({ id }) => String(id) as ExecutionId);
}
