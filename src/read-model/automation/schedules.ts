import type { ScheduleArming } from "../../domain/automation/schedule-state.ts";
import type { ExecutionStatus } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { scheduleObjectName } from "../../journal/object-names.ts";
import type { RunEnd } from "../../domain/automation/schedule-inputs.ts";
import { isHidden } from "../absent-executions.ts";
import { executionCondition } from "../execution-condition.ts";
import { statusOf } from "../execution-records.ts";
import { idList } from "../restate-sql.ts";
import type { Row, RestateSql } from "../restate-sql.ts";

/** Reads schedules from the state of the Virtual Object `Schedule`, by Restate's SQL introspection. */

export const ofSchedules = `service_name = '${scheduleObjectName}'`;

/** The ids of all schedules of a workflow. */
export async function scheduleIdsOf(restate: RestateSql, workflowId: WorkflowId): Promise<readonly string[]> {
  const rows = await restate.query(
    `SELECT service_key FROM state WHERE ${ofSchedules} AND key = 'workflow' AND value_utf8 = '"${workflowId}"'`,
  );
  return rows.map((row) => String(row["service_key"]));
}

export function valueOf(row: Row): unknown {
  return JSON.parse(String(row["value_utf8"])) as unknown;
}

/** The status of each execution; executions that Restate no longer has are left out. */
export async function readStatusesOf(
  restate: RestateSql,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, ExecutionStatus>> {
  if (executionIds.length === 0) return new Map();
  const rows = await restate.query(
    `SELECT id, status, completion_result, completion_failure FROM sys_invocation
     WHERE id IN (${idList(executionIds)}) AND ${executionCondition}`,
  );
  return new Map(rows.map((row) => [String(row["id"]) as ExecutionId, statusOf(row)]));
}

/** How executions have ended; `running` for those that have not. */
export type RunEnds = ReadonlyMap<string, RunEnd | "running">;

export async function readEnds(restate: RestateSql, executionIds: readonly string[]): Promise<RunEnds> {
  const statuses = await readStatusesOf(restate, executionIds);
  const ends = new Map<string, RunEnd | "running">([...statuses].map(([id, status]) => [id, endOf(status)]));
  for (const id of executionIds)
    if (!ends.has(id) && (await isHidden(restate, id as ExecutionId))) ends.set(id, "running");
  return ends;
}

/** Like a cancelled run, a skipped one says nothing about the workflow. */
function endOf(status: ExecutionStatus): RunEnd | "running" {
  if (status === "skipped") return "cancelled";
  return status === "completed" || status === "failed" || status === "cancelled" ? status : "running";
}

/** The schedules that run next, in the order of time. `at`: milliseconds since the Unix epoch. */
export async function readNextRuns(
  restate: RestateSql,
  workflowIds: readonly WorkflowId[] | undefined,
  limit: number,
): Promise<readonly { readonly id: string; readonly workflowId: WorkflowId; readonly at: number }[]> {
  const rows = await restate.query(
    `SELECT service_key, key, value_utf8 FROM state WHERE ${ofSchedules} AND key IN ('workflow', 'arming')`,
  );
  const workflows = new Map<string, WorkflowId>();
  for (const row of rows) {
    if (row["key"] === "workflow") workflows.set(String(row["service_key"]), valueOf(row) as WorkflowId);
  }
  const next = rows.flatMap((row) => {
    const id = String(row["service_key"]);
    const workflowId = workflows.get(id);
    const { at } = row["key"] === "arming" ? (valueOf(row) as Partial<ScheduleArming>) : {};
    if (workflowId === undefined || at === undefined) return [];
    return workflowIds === undefined || workflowIds.includes(workflowId) ? [{ id, workflowId, at }] : [];
  });
  return next.toSorted((one, other) => one.at - other.at).slice(0, limit);
}

/** How late a tick may be before it is sent again. */
const lateMs = 10_000;

/** Schedules with an invocation that is gone, and those whose tick should have run by the clock of this process. */
export async function listLostSchedules(
  restate: RestateSql,
  now: number,
): Promise<readonly { readonly id: string; readonly generation: number }[]> {
  const rows = await restate.query(
    `SELECT service_key, value_utf8 FROM state WHERE ${ofSchedules} AND key = 'arming'`,
  );
  const armed = rows.map((row) => ({
    id: String(row["service_key"]),
    arming: valueOf(row) as ScheduleArming,
  }));
  if (armed.every(({ arming }) => arming.invocations.length === 0)) return [];
  // Read after the state: an invocation that was found there and has ended since has left another generation.
  const live = new Map(
    (
      await restate.query(
        `SELECT id, status FROM sys_invocation
         WHERE target_service_name = '${scheduleObjectName}' AND status <> 'completed'`,
      )
    ).map((row) => [String(row["id"]), String(row["status"])]),
  );
  return armed
    .filter(({ arming: { invocations, at } }) => {
      const [tick] = invocations;
      const isLate = at !== undefined && at < now - lateMs && live.get(tick ?? "") === "scheduled";
      return isLate || invocations.some((id) => !live.has(id));
    })
    .map(({ id, arming }) => ({ id, generation: arming.generation }));
}
