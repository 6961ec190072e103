import { parseTimestamp } from "../../base/time.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { executionCondition } from "../execution-condition.ts";
import type { RestateSql } from "../restate-sql.ts";

/** A range of time in milliseconds since the Unix epoch: `from` is part of it, and `to` is not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The executions that ended in a range of time, oldest first. `endedAt`: milliseconds since the Unix epoch. */
export async function listEnded(
  restate: RestateSql,
  { from, to }: TimeRange,
  { failedOnly, limit }: { readonly failedOnly: boolean; readonly limit: number },
): Promise<readonly { readonly executionId: ExecutionId; readonly endedAt: number }[]> {
  const rows = await restate.query(
    `SELECT id, completed_at FROM sys_invocation
     WHERE ${executionCondition} AND status = 'completed'
       ${failedOnly ? "AND completion_result = 'failure'" : ""}
       AND completed_at >= to_timestamp_millis(${from}) AND completed_at < to_timestamp_millis(${to})
     ORDER BY completed_at LIMIT ${limit}`,
  );
  return rows.map((row) => ({
    executionId: parseExecutionId(String(row["id"])),
    endedAt: parseTimestamp(String(row["completed_at"])) ?? to,
  }));
}
