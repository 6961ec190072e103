import { parseStart } from "../journal/execution-start.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import { decodeResult } from "./entry-encoding.ts";
import type { Row, RestateSql } from "./restate-sql.ts";

/**
 * Reads the `start` of executions: the first result of a `run` in each journal, among its first six entries. It contains
 * the version and entry point, which lists show and filter by and `sys_invocation` does not have.
 *
 * Restate has no index on the content of journals. A query for several ids scans the journals between the smallest and the
 * largest of them, and a condition on the content of a start scans all retained journals.
 */
export async function readStarts(
  restate: RestateSql,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, ExecutionStart>> {
  if (executionIds.length === 0) return new Map();
  const ids = executionIds.map((id) => `'${id}'`);
  // Sorting here, and comparing a single id with `=`, keeps Restate from sorting and scanning more than the entries needed.
  const among = ids.length === 1 ? `= ${ids[0]}` : `IN (${ids.join(", ")})`;
  const rows = await restate.query(
    `SELECT id, index, encode(raw, 'base64') AS raw FROM sys_journal WHERE id ${among} AND ${mayBeStart}`,
  );
  const starts = new Map<string, ExecutionStart>();
  for (const row of rows.toSorted((one, other) => Number(other["index"]) - Number(one["index"]))) {
    const start = startOf(row);
    // The start precedes every other result of its journal, so in this order it is the last one set.
    if (start !== undefined) starts.set(String(row["id"]), start);
  }
  return starts;
}

/** A start with the longest entry point, a long callback URL and the longest keys of flow control fits. Larger results are skipped. */
const maxStartBytes = 8_192;

const mayBeStart = `index <= 5 AND entry_type = 'Notification: Run' AND raw_length <= ${maxStartBytes}`;

/**
 * The condition on `id` that selects the executions with this version and entry point.
 *
 * A start is JSON whose first members are `version`, `entryPoint` and `executionId`, so a part of its text identifies it.
 * No other result contains that text: data that a workflow receives is a JSON string there, with its quotes escaped.
 *
 * @param entryPoint validated by `parseEntryPoint`, because it becomes part of the SQL
 */
export function startCondition({ version, entryPoint }: StartFilter): string | undefined {
  if (version === undefined && entryPoint === undefined) return undefined;
  const of = version === undefined ? "" : `{"version":${version}`;
  const at = entryPoint === undefined ? "" : `"${entryPoint}","executionId":"inv_`;
  const text = Buffer.from(`${of},"entryPoint":${at}`).toString("hex");
  return `id IN (SELECT id FROM sys_journal WHERE ${mayBeStart} AND encode(raw, 'hex') LIKE '%${text}%')`;
}

export interface StartFilter {
  readonly version?: number | undefined;
  readonly entryPoint?: string | undefined;
}

function startOf(row: Row): ExecutionStart | undefined {
  return parseStart(decodeResult(Buffer.from(String(row["raw"]), "base64")).value);
}
