import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { replayCheckObjectName } from "../../journal/object-names.ts";
import { itemsKey, progressKey } from "../../replay/check-state.ts";
import type { ReplayCheckProgress } from "../../replay/check-state.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import type { Row, RestateSql } from "../restate-sql.ts";

/** Reads replay checks from the state of their objects. */

export interface StoredCheck extends ReplayCheckProgress {
  readonly id: string;
}

export interface StoredReport extends StoredCheck {
  readonly items: readonly ReplayItem[];
}

const stateOf = (id: string) => `service_name = '${replayCheckObjectName}' AND service_key = '${id}'`;

/**
 * @param id validated by `isCheckId`
 * @throws {DuraniumError} `replay-check-not-found`
 */
export async function readReplayCheck(restate: RestateSql, id: string): Promise<StoredReport> {
  const rows = await restate.query(`SELECT key, value_utf8 FROM state WHERE ${stateOf(id)}`);
  const values = new Map(rows.map((row) => [String(row["key"]), row]));
  const progress = values.get(progressKey);
  if (progress === undefined) {
    throw new DuraniumError("replay-check-not-found", `Replay check "${id}" not found`);
  }
  const check = await withEnd(restate, id, valueOf(progress) as ReplayCheckProgress);
  const items: ReplayItem[] = [];
  for (let batch = 0; ; batch += 1) {
    const row = values.get(itemsKey(batch));
    if (row === undefined) return { id, ...check, items };
    items.push(...(valueOf(row) as readonly ReplayItem[]));
  }
}

/** The checks of a workflow, the latest first. */
export async function listReplayChecks(
  restate: RestateSql,
  workflowId: WorkflowId,
): Promise<readonly StoredCheck[]> {
  const rows = await restate.query(
    `SELECT service_key, value_utf8 FROM state
     WHERE service_name = '${replayCheckObjectName}' AND key = '${progressKey}'`,
  );
  return rows
    .map((row) => ({ id: String(row["service_key"]), ...(valueOf(row) as ReplayCheckProgress) }))
    .filter((check) => check.workflowId === workflowId)
    .toSorted((one, other) => other.createdAt - one.createdAt);
}

/** The invocation that runs a check, if it has not ended. */
export async function findRunningCheck(restate: RestateSql, id: string): Promise<string | undefined> {
  const [row] = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE target_service_name = '${replayCheckObjectName}' AND target_service_key = '${id}'
       AND target_handler_name = 'run' AND status <> 'completed' LIMIT 1`,
  );
  return row === undefined ? undefined : String(row["id"]);
}

/** The IDs of all checks that have not ended. */
export async function listRunningChecks(restate: RestateSql): Promise<readonly string[]> {
  const rows = await restate.query(
    `SELECT target_service_key FROM sys_invocation
     WHERE target_service_name = '${replayCheckObjectName}' AND target_handler_name = 'run' AND status <> 'completed'`,
  );
  return rows.map((row) => String(row["target_service_key"]));
}

/** A check whose steps keep failing is killed, and then has no end in its state. */
async function withEnd(
  restate: RestateSql,
  id: string,
  progress: ReplayCheckProgress,
): Promise<ReplayCheckProgress> {
  if (progress.status !== "running" || (await findRunningCheck(restate, id)) !== undefined) return progress;
  const [row] = await restate.query(
    `SELECT value_utf8 FROM state WHERE ${stateOf(id)} AND key = '${progressKey}'`,
  );
  const now = row === undefined ? progress : (valueOf(row) as ReplayCheckProgress);
  if (now.status !== "running") return now;
  return {
    ...now,
    status: "failed",
    problem: { code: "internal", detail: "The check was ended from outside" },
  };
}

function valueOf(row: Row): unknown {
  return JSON.parse(String(row["value_utf8"]));
}

/** True for the ids that `newCheckId` makes. */
export function isCheckId(text: string): boolean {
  return /^chk_[0-9a-f]{24}$/.test(text);
}
