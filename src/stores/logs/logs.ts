import type { JsonValue } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { LogLevel, LogLine } from "../../domain/log-line.ts";
import type { Database } from "../sql/database.ts";
import { and, asc, eq, gt, inArray, sql } from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import type { Tables } from "../sql/tables.ts";

/** A stored console line. `line` is JSON. */
export type LogRow = Tables["logs"]["$inferSelect"];

/** The console lines of all executions. {@link LogSink} stores and removes them. */
export interface LogStore {
  /** Lists lines in the order in which they were written. The key is the number of the line. */
  list(
    executionId: ExecutionId,
    page: PageRequest<number>,
    levels?: readonly LogLevel[],
  ): Promise<Page<LogLine, number>>;
  /** At most `limit` executions with lines, in the order of their IDs. */
  executions(page: PageRequest<ExecutionId>): Promise<readonly ExecutionId[]>;
}

export function createLogStore({ queries, tables: { logs } }: Database): LogStore {
  return {
    async list(executionId, { after, limit }, levels) {
      const rows = await queries
        .select()
        .from(logs)
        .where(
          and(
            eq(logs.executionId, executionId),
            after === undefined ? undefined : gt(logs.number, after),
            levels === undefined ? undefined : inArray(logs.level, [...levels]),
          ),
        )
        .orderBy(asc(logs.number))
        .limit(limit + 1);
      return keysetPage(rows, { limit, toItem: toLine, keyOf: (row) => row.number });
    },
    async executions({ after, limit }) {
      // One index look-up per execution: reading all lines to find the distinct executions would be slow.
      const next = (last: typeof after | typeof found) =>
        sql`SELECT min(${logs.executionId}) FROM ${logs} WHERE ${last === undefined ? sql`true` : gt(logs.executionId, last)}`;
      const found = sql`found.id`;
      const rows = await queries.select({ id: sql<ExecutionId>`id` }).from(
        sql`(WITH RECURSIVE found(id) AS (
            ${next(after)} UNION ALL SELECT (${next(found)}) FROM found WHERE found.id IS NOT NULL
          ) SELECT id FROM found WHERE id IS NOT NULL LIMIT ${limit}) AS executions`,
      );
      return rows.map(({ id }) => id);
    },
  };
}

function toLine({ number, level, at, line }: LogRow): LogLine {
  return { number, level, at, line: JSON.parse(line) as readonly JsonValue[] };
}
