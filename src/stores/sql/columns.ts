import { blob, index, integer, primaryKey, real, sql, sqliteTable, text, uniqueIndex } from "./drizzle.ts";
import type { SQLiteColumn } from "./drizzle.ts";

/** What the tables are made of. PostgreSQL has builders with the same names and methods. */
export type Columns = typeof sqliteColumns;

export const sqliteColumns = {
  table: sqliteTable,
  /** Compared by its bytes. */
  text: (name: string) => text(name),
  /** From -2^53 to 2^53. */
  integer: (name: string) => integer(name),
  real: (name: string) => real(name),
  boolean: (name: string) => integer(name, { mode: "boolean" }),
  /** JSON as text, which queries do not look into. */
  json: (name: string) => text(name, { mode: "json" }),
  bytes: (name: string) => blob(name, { mode: "buffer" }),
  /** A primary key that increases in the order in which rows are inserted. */
  autoIncrement: (name: string) => integer(name).primaryKey({ autoIncrement: true }),
  primaryKey,
  index,
  uniqueIndex,
  /** The condition of a partial index. */
  isTrue: (column: SQLiteColumn) => sql`${column} = 1`,
};
