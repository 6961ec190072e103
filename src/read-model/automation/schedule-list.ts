import type { JsonValue } from "../../base/json.ts";
import type {
  SchedulePause,
  ScheduleProgress,
  StoredSchedule,
} from "../../domain/automation/schedule-state.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { idList } from "../restate-sql.ts";
import type { Row, RestateSql } from "../restate-sql.ts";
import { ofSchedules, valueOf } from "./schedules.ts";

/** Schedules as the API returns them, from the state of the Virtual Object `Schedule`. */

/** A schedule as it is stored. */
export interface ScheduleRecord {
  readonly id: string;
  readonly definition: StoredSchedule;
  readonly progress: ScheduleProgress;
  readonly paused?: SchedulePause;
}

/** @param id validated, because it becomes part of the SQL */
export async function findSchedule(
  restate: RestateSql,
  id: string,
): Promise<(ScheduleRecord & { readonly payload: JsonValue }) | undefined> {
  const rows = await restate.query(
    `SELECT service_key, key, value_utf8 FROM state WHERE ${ofSchedules} AND service_key = '${id}'`,
  );
  const [record] = recordsOf(rows);
  if (record === undefined) return undefined;
  const payload = rows.find((row) => row["key"] === "payload");
  return { ...record, payload: payload === undefined ? null : (valueOf(payload) as JsonValue) };
}

/** Lists schedules by id. */
export async function listSchedules(
  restate: RestateSql,
  { workflowIds, after, limit }: ScheduleQuery,
): Promise<readonly ScheduleRecord[]> {
  const conditions = [
    ofSchedules,
    "key = 'workflow'",
    ...(workflowIds === undefined ? [] : [`value_utf8 IN (${idList(workflowIds.map((id) => `"${id}"`))})`]),
    ...(after === undefined ? [] : [`service_key > '${after}'`]),
  ];
  if (workflowIds?.length === 0) return [];
  const found = await restate.query(
    `SELECT service_key FROM state WHERE ${conditions.join(" AND ")} ORDER BY service_key
     ${limit === undefined ? "" : `LIMIT ${limit}`}`,
  );
  if (found.length === 0) return [];
  const ids = idList(found.map((row) => String(row["service_key"])));
  const rows = await restate.query(
    `SELECT service_key, key, value_utf8 FROM state
     WHERE ${ofSchedules} AND key IN ('definition', 'progress', 'paused') AND service_key IN (${ids})`,
  );
  return recordsOf(rows).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

export interface ScheduleQuery {
  readonly workflowIds?: readonly WorkflowId[] | undefined;
  /** The id of the last schedule of the page before, validated. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The handlers write all keys at once, so a schedule without one of them is about to be deleted. */
function recordsOf(rows: readonly Row[]): ScheduleRecord[] {
  const byId = new Map<string, Map<string, unknown>>();
  for (const row of rows) {
    const id = String(row["service_key"]);
    const values = byId.get(id) ?? new Map<string, unknown>();
    byId.set(id, values.set(String(row["key"]), valueOf(row)));
  }
  return [...byId].flatMap(([id, values]) => {
    const definition = values.get("definition") as StoredSchedule | undefined;
    const progress = values.get("progress") as ScheduleProgress | undefined;
    const paused = values.get("paused") as SchedulePause | undefined;
    if (definition === undefined || progress === undefined) return [];
    return [{ id, definition, progress, ...(paused === undefined ? {} : { paused }) }];
  });
}
