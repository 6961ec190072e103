import type { WorkflowId } from "../../domain/ids.ts";
import { executionCondition } from "../execution-condition.ts";
import { queuedCondition } from "../execution-records.ts";
import { idList } from "../restate-sql.ts";
import type { RestateSql } from "../restate-sql.ts";

/** The number of executions that have not ended, by status, and of those that wait for a callback or an event. */
export interface LiveCounts {
  readonly scheduled: number;
  readonly queued: number;
  readonly running: number;
  readonly suspended: number;
  readonly retrying: number;
  readonly paused: number;
  readonly waitingForCallback: number;
  readonly waitingForEvent: number;
}

export async function readLiveCounts(
  restate: RestateSql,
  workflowIds: readonly WorkflowId[] | undefined,
): Promise<LiveCounts> {
  const among = workflowIds === undefined ? "" : ` AND target_service_key IN (${idList(workflowIds)})`;
  const rows =
    workflowIds?.length === 0
      ? []
      : await restate.query(
          `SELECT status, count(id) AS executions,
             sum(CASE WHEN ${queuedCondition} THEN 1 ELSE 0 END) AS queued,
             sum(CASE WHEN ${waitsFor("callback")} THEN 1 ELSE 0 END) AS callbacks,
             sum(CASE WHEN ${waitsFor("event")} THEN 1 ELSE 0 END) AS events
           FROM sys_invocation WHERE ${executionCondition} AND status <> 'completed'${among} GROUP BY status`,
        );
  const count = (statuses: readonly string[], column = "executions") =>
    rows
      .filter(({ status }) => statuses.includes(String(status)))
      .reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  const queued = count(["suspended"], "queued");
  return {
    queued,
    scheduled: count(["pending", "scheduled", "ready"]),
    running: count(["running"]),
    suspended: count(["suspended"]) - queued,
    retrying: count(["backing-off"]),
    paused: count(["paused"]),
    waitingForCallback: count(["suspended"], "callbacks"),
    waitingForEvent: count(["suspended"], "events"),
  };
}

/** The names of the signals are those of `journal/signals.ts`. */
function waitsFor(kind: "callback" | "event"): string {
  return `suspended_waiting_future_json LIKE '%"SignalName":"${kind} %'`;
}
