import type { JsonValue } from "../base/json.ts";
import type { ExecutionId } from "../domain/ids.ts";
import type { RestateSql } from "./restate-sql.ts";

/** Reads the response status from the journaled result of a fetch. */
export function statusIn(result: JsonValue | undefined): number | undefined {
  const status = fieldOf(fieldOf(result, "value"), "status");
  return typeof status === "number" ? status : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Reads the statuses of responses that are too large for a timeline. The status precedes the body, so the beginning of an
 * entry is enough.
 *
 * @param indexes the indexes of the results in the journal
 * @returns statuses by index
 */
export async function readStatuses(
  restate: RestateSql,
  executionId: ExecutionId,
  indexes: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (indexes.length === 0) return new Map();
  const rows = await restate.query(
    `SELECT index, substr(encode(raw, 'hex'), 1, 400) AS head FROM sys_journal
     WHERE id = '${executionId}' AND index IN (${indexes.join(", ")})`,
  );
  const statuses = rows.flatMap((row) => {
    const head = Buffer.from(String(row["head"] ?? ""), "hex").toString("latin1");
    const [, status] = /"value":\{"status":(\d{3}),/.exec(head) ?? [];
    return status === undefined ? [] : [[Number(row["index"]), Number(status)] as const];
  });
  return new Map(statuses);
}
