import type { Columns } from "./columns.ts";
import { sql } from "./drizzle.ts";
import { pg } from "./drizzle-postgres.ts";

/** In any locale of the database, text is compared by its bytes, as in SQLite. PostgreSQL stores no U+0000. */
const textType = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
  toDriver: (text) => text.replaceAll("\0", "\uFFFD"),
});

/** Not `jsonb`: it keeps neither the order of keys nor `\u0000`. */
const jsonType = pg.customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (text) => JSON.parse(text) as unknown,
});

const bytesType = pg.customType<{ data: Buffer }>({ dataType: () => "bytea" });

/**
 * The builders of PostgreSQL have the methods of SQLite's that the tables and the stores use, which the types of Drizzle do not
 * express. The tests of the stores run on both.
 */
export const postgresColumns = {
  table: pg.pgTable,
  text: (name: string) => textType(name),
  integer: (name: string) => pg.bigint(name, { mode: "number" }),
  real: (name: string) => pg.doublePrecision(name),
  boolean: (name: string) => pg.boolean(name),
  json: (name: string) => jsonType(name),
  bytes: (name: string) => bytesType(name),
  autoIncrement: (name: string) =>
    pg.bigint(name, { mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
  primaryKey: pg.primaryKey,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  isTrue: (column: unknown) => sql`${column}`,
} as unknown as Columns;
