import type { JsonValue } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { LogLevel, LogLine } from "../../domain/log-line.ts";
import type { SqliteDatabase, SyncQueries } from "../sql/sqlite.ts";
import { and, asc, eq, getTableColumns, gt, inArray, min, sql, type Placeholder } from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import { logs } from "../sql/schema.ts";

/** A stored console line. `line` is JSON. */
export type LogRow = typeof logs.$inferSelect;

/** The console lines of all executions. */
export interface LogStore {
  /** Stores the lines in one transaction. An existing line of the same execution and number is unchanged. */
  append(rows: readonly LogRow[]): void;
  /** Lists lines in the order in which they were written. The key is the number of the line. */
  list(
    executionId: ExecutionId,
    page: PageRequest<number>,
    levels?: readonly LogLevel[],
  ): Page<LogLine, number>;
  /** At most `limit` executions with lines, in the order of their IDs. */
  executions(page: PageRequest<ExecutionId>): readonly ExecutionId[];
  /** Removes all lines of these executions. */
  remove(executionIds: readonly ExecutionId[]): void;
}

export function createLogStore({ sync: queries }: SqliteDatabase): LogStore {
  const insert = prepareInsert(queries);
  return {
    append: (rows) =>
      queries.transaction(() => rows.forEach((row) => insert.run(row)), { behavior: "immediate" }),
    list: (executionId, page, levels) =>
      keysetPage(readRows(queries, { executionId, levels, after: page.after, limit: page.limit + 1 }), {
        limit: page.limit,
        toItem: toLine,
        keyOf: (row) => row.number,
      }),
    executions: ({ after, limit }) => readExecutions(queries, after, limit),
    remove: (executionIds) =>
      void queries
        .delete(logs)
        .where(inArray(logs.executionId, [...executionIds]))
        .run(),
  };
}

function prepareInsert(queries: SyncQueries) {
  const row = Object.fromEntries(
    Object.keys(getTableColumns(logs)).map((name) => [name, sql.placeholder(name)]),
  ) as Record<keyof LogRow, Placeholder>;
  return queries.insert(logs).values(row).onConflictDoNothing().prepare();
}

function readRows(
  queries: SyncQueries,
  page: {
    readonly executionId: ExecutionId;
    readonly levels: readonly LogLevel[] | undefined;
    readonly after: number | undefined;
    readonly limit: number;
  },
): LogRow[] {
  const conditions = [
    eq(logs.executionId, page.executionId),
    page.after === undefined ? undefined : gt(logs.number, page.after),
    page.levels === undefined ? undefined : inArray(logs.level, [...page.levels]),
  ];
  return queries
    .select()
    .from(logs)
    .where(and(...conditions))
    .orderBy(asc(logs.number))
    .limit(page.limit)
    .all();
}

/** One index look-up per execution, because reading all lines to find the distinct executions would be slow. */
function readExecutions(queries: SyncQueries, after: ExecutionId | undefined, limit: number): ExecutionId[] {
  const found: ExecutionId[] = [];
  for (let last = after; found.length < limit;) {
    const next = queries
      .select({ id: min(logs.executionId) })
      .from(logs)
      .where(last === undefined ? undefined : gt(logs.executionId, last))
      .get()?.id;
    if (next === null || next === undefined) return found;
    found.push(next);
    last = next;
  }
  return found;
}

function toLine({ number, level, at, line }: LogRow): LogLine {
  return { number, level, at, line: JSON.parse(line) as readonly JsonValue[] };
}
