import type { AlertCondition } from "../../domain/monitoring/alerts.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { executionCondition } from "../execution-condition.ts";
import { queuedCondition } from "../execution-records.ts";
import type { RestateSql } from "../restate-sql.ts";

/** A condition on executions that have not ended. */
export type StuckCondition = Extract<
  AlertCondition,
  { kind: "running-longer" | "waiting-longer" | "paused" }
>;

/** The executions of a workflow that meet a condition. */
export interface StuckExecutions {
  readonly count: number;
  /** The one that was created first. */
  readonly executionId: ExecutionId;
}

/** The executions that meet a condition, by workflow. */
export async function listStuck(
  restate: RestateSql,
  condition: StuckCondition,
  { workflowId, now }: { readonly workflowId: WorkflowId | undefined; readonly now: number },
): Promise<ReadonlyMap<WorkflowId, StuckExecutions>> {
  const conditions = [
    executionCondition,
    "status <> 'completed'",
    ...(workflowId === undefined ? [] : [`target_service_key = '${workflowId}'`]),
    conditionOf(condition, now),
  ];
  const rows = await restate.query(
    `SELECT target_service_key, count(id) AS executions, first_value(id ORDER BY created_at) AS first_id
     FROM sys_invocation WHERE ${conditions.join(" AND ")}
     GROUP BY target_service_key LIMIT ${maxStuckWorkflows}`,
  );
  return new Map(
    rows.map((row) => [
      String(row["target_service_key"]) as WorkflowId,
      { count: Number(row["executions"]), executionId: parseExecutionId(String(row["first_id"])) },
    ]),
  );
}

const maxStuckWorkflows = 1_000;

function conditionOf(condition: StuckCondition, now: number): string {
  switch (condition.kind) {
    case "running-longer":
      return `running_at IS NOT NULL AND NOT coalesce(${queuedCondition}, false) AND ${wasDueBefore(now - condition.thanMs)}`;
    case "waiting-longer":
      return waitsSince(now - condition.thanMs);
    default:
      return pausedByFailure;
  }
}

/** A delayed execution is due at the time that its caller chose, and others are when they are created. */
function wasDueBefore(time: number): string {
  const at = `to_timestamp_millis(${time})`;
  return `created_at < ${at} AND (scheduled_at IS NULL OR scheduled_start_at < ${at})`;
}

/** An execution waits if it is due and has not started, is queued, or is suspended until an event or a callback arrives. */
function waitsSince(time: number): string {
  return `modified_at < to_timestamp_millis(${time}) AND (
    (status IN ('pending', 'ready', 'scheduled') AND ${wasDueBefore(time)})
    OR (status = 'suspended' AND suspended_waiting_future_json LIKE '%"SignalName"%'))`;
}

/**
 * The event of a pause by an operator has no failure, unless the execution was between two attempts. Executions that are
 * paused with their workflow have the failure `workflow-paused`.
 */
const pausedByFailure = `status = 'paused' AND coalesce(last_failure, '') NOT LIKE '%workflow-paused: %'
  AND (last_failure IS NOT NULL OR id IN (
    SELECT id FROM sys_journal_events WHERE event_type = 'Paused' AND event_json LIKE '%"last_failure":{%'
      AND event_json NOT LIKE '%workflow-paused: %'))`;
