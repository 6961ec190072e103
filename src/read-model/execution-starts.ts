import { parseStart } from "../journal/execution-start.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import { decodeResult } from "./entry-encoding.ts";
import type { Row, RestateSql } from "./restate-sql.ts";

/**
 * The `start` of executions: the first result of a `run` in each journal, among its first six entries. It holds what
 * lists show and filter by, and `sys_invocation` does not have.
 *
 * Restate has no index on anything in a journal. Looking for a few executions by their ids reads the journals between
 * the smallest and the largest of these ids, and a condition on what a start holds reads all journals that are kept:
 * some 3 µs for each entry.
 */
export async function readStarts(
  restate: RestateSql,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, ExecutionStart>> {
  if (executionIds.length === 0) return new Map();
  const ids = executionIds.map((id) => `'${id}'`);
  // Sorted here, and one asked for as one: of a journal of 80 MiB Restate takes 140 ms so, and 570 ms otherwise.
  const among = ids.length === 1 ? `= ${ids[0]}` : `IN (${ids.join(", ")})`;
  const rows = await restate.query(
    `SELECT id, index, encode(raw, 'base64') AS raw FROM sys_journal WHERE id ${among} AND ${mayBeStart}`,
  );
  const starts = new Map<string, ExecutionStart>();
  for (const row of rows.toSorted((one, other) => Number(other["index"]) - Number(one["index"]))) {
    const start = startOf(row);
    // Of each, the start comes before any other result, so here it comes last.
    if (start !== undefined) starts.set(String(row["id"]), start);
  }
  return starts;
}

/** The longest entry point and a long address for callbacks fit. Other results may have megabytes. */
const maxStartBytes = 4_096;

const mayBeStart = `index <= 5 AND entry_type = 'Notification: Run' AND raw_length <= ${maxStartBytes}`;

/**
 * The condition on `id` that finds the executions which began so.
 *
 * A start is JSON whose first members are `version`, `entryPoint` and `executionId`, so a piece of its text tells
 * it. No other result has that text: what workflows receive stands as a string in JSON there, and its quotes are
 * escaped.
 *
 * @param entryPoint has passed `parseEntryPoint`
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
