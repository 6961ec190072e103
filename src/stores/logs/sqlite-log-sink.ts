import { getTableColumns, sql } from "../sql/drizzle.ts";
import type { Placeholder } from "../sql/drizzle.ts";
import type { SqliteDatabase, SyncQueries } from "../sql/sqlite.ts";
import { countsOf } from "./execution-counts.ts";
import type { ExecutionEnd } from "./execution-ends.ts";
import { isLine } from "./log-messages.ts";
import type { StoredRow } from "./log-messages.ts";
import { removals } from "./log-sink.ts";
import type { LogSink } from "./log-sink.ts";

/** For the thread that owns the connection: it is blocked meanwhile. Each statement is prepared once. */
export function createSqliteLogSink(database: SqliteDatabase): LogSink {
  const { sync, tables } = database;
  const line = sync.insert(tables.logs).values(placeholders(tables.logs)).onConflictDoNothing().prepare();
  const { sequence: _assigned, ...columns } = placeholders(tables.executionEnds);
  const end = sync.insert(tables.executionEnds).values(columns).onConflictDoNothing().prepare();
  const count = prepareCount(database);
  const write = (rows: readonly StoredRow[]) => {
    for (const row of rows) if (isLine(row)) line.run(row);
    const ends = rows.filter((row): row is ExecutionEnd => !isLine(row));
    for (const counted of countsOf(ends.filter((row) => end.run(row).changes > 0))) count.run(counted);
  };
  return {
    ...removals(database),
    // One transaction for all rows, because the sync at its end dominates the cost.
    append: async (rows) => sync.transaction(() => write(rows), { behavior: "immediate" }),
  };
}

function prepareCount({ sync, tables: { executionCounts } }: SqliteDatabase) {
  const { slotMs, at, workflowId, outcome, durationClass } = executionCounts;
  return sync
    .insert(executionCounts)
    .values(placeholders(executionCounts))
    .onConflictDoUpdate({
      target: [slotMs, at, workflowId, outcome, durationClass],
      set: { count: sql`${executionCounts.count} + excluded.count` },
    })
    .prepare();
}

type Table = Parameters<SyncQueries["insert"]>[0];

/** A placeholder for each column, with its name. */
function placeholders<T extends Table>(table: T): Record<keyof T["$inferSelect"], Placeholder> {
  return Object.fromEntries(
    Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]),
  ) as Record<keyof T["$inferSelect"], Placeholder>;
}
