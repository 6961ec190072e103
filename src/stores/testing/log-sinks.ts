import { createPostgresLogSink } from "../logs/postgres-log-sink.ts";
import type { LogSink } from "../logs/log-sink.ts";
import { createSqliteLogSink } from "../logs/sqlite-log-sink.ts";
import type { Database } from "../sql/database.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";

/** Stores lines and ends in a database of either kind. */
export function sinkOf(database: Database): LogSink {
  return database.dialect === "sqlite"
    ? createSqliteLogSink(database as SqliteDatabase)
    : createPostgresLogSink(database);
}
