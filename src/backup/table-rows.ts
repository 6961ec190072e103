import type { Database } from "../stores/sql/database.ts";
import { and, asc, eq, getTableColumns, getTableName, or, sql } from "../stores/sql/drizzle.ts";
import type { SQL, SQLiteColumn } from "../stores/sql/drizzle.ts";
import type { Tables } from "../stores/sql/tables.ts";

/** A table of either database. Its rows are read in the order of its primary key, which is the same in both. */
export type TableName = keyof Tables;
/** A database, or a view of it as of one moment. */
export type RowSource = Pick<Database, "tables" | "queries">;
export type Row = Readonly<Record<string, unknown>>;

const rowsPerPage = 500;

/** Sources and drafts have up to megabytes in each row. */
const largeRowsPerPage = 20;

const largeTables: ReadonlySet<TableName> = new Set(["sources", "drafts"]);

export function tableNames({ tables }: Pick<Database, "tables">): readonly TableName[] {
  return Object.keys(tables) as TableName[];
}

export interface Selection {
  readonly where?: ((tables: Tables) => SQL) | undefined;
  /** Whether rows have only their primary keys. */
  readonly keysOnly?: boolean;
}

export async function* pagesOf(
  database: RowSource,
  name: TableName,
  selection: Selection = {},
): AsyncGenerator<readonly Row[]> {
  const isLarge = largeTables.has(name) && selection.keysOnly !== true;
  const limit = isLarge ? largeRowsPerPage : rowsPerPage;
  let last: Row | undefined;
  do {
    const page = await rowsIn(database, name, { ...selection, after: last, limit });
    if (page.length > 0) yield page;
    last = page.length < limit ? undefined : page.at(-1);
  } while (last !== undefined);
}

export interface Range extends Selection {
  /** The range begins after this row; at the first one by default. */
  readonly after?: Row | undefined;
  readonly upTo?: Row | undefined;
  readonly limit?: number;
}

export async function rowsIn(
  { queries, tables }: RowSource,
  name: TableName,
  { after, upTo, where, keysOnly = false, limit = maxRows }: Range,
): Promise<readonly Row[]> {
  const table = tables[name] as Tables["logs"];
  const keys = keysOf(tables, name);
  const selected = Object.fromEntries(keys.map((key) => [key.name, key.column]));
  return await queries
    .select((keysOnly ? selected : getTableColumns(table)) as Record<string, SQLiteColumn>)
    .from(table)
    .where(and(after && compared(keys, ">", after), upTo && compared(keys, "<=", upTo), where?.(tables)))
    .orderBy(...keys.map(({ column }) => asc(column)))
    .limit(limit);
}

const maxRows = 100_000;

export async function isEmpty(database: RowSource, name: TableName): Promise<boolean> {
  return (await rowsIn(database, name, { keysOnly: true, limit: 1 })).length === 0;
}

/** PostgreSQL assigns the numbers that follow those of the rows that were written with theirs. */
export async function continueIdentity({ queries, tables }: RowSource, name: TableName): Promise<void> {
  const table = tables[name];
  const [key] = keysOf(tables, name);
  if (key?.column.generatedIdentity === undefined) return;
  const sequence = sql`pg_get_serial_sequence(${getTableName(table)}, ${key.column.name})`;
  const next = sql`(SELECT coalesce(max(${key.column}), 0) + 1 FROM ${table})`;
  await queries.select({ value: sql`setval(${sequence}, ${next}, false)` }).from(sql`(SELECT 1) AS one`);
}

/** Inserts rows, or replaces those with the same keys. */
export async function writeRows(
  { queries, tables }: RowSource,
  name: TableName,
  page: readonly Row[],
): Promise<void> {
  const table = tables[name] as Tables["logs"];
  const target = keysOf(tables, name).map(({ column }) => column);
  const others = (Object.entries(getTableColumns(table)) as [string, SQLiteColumn][]).filter(
    ([, column]) => !target.includes(column),
  );
  const insert = queries.insert(table).values(page as never[]);
  const set = Object.fromEntries(
    others.map(([key, column]) => [key, sql`excluded.${sql.identifier(column.name)}`]),
  );
  await (others.length === 0
    ? insert.onConflictDoNothing({ target })
    : insert.onConflictDoUpdate({ target, set }));
}

/** Each of them has a condition of its own, and databases limit the depth of conditions. */
const removedAtOnce = 100;

export async function removeRows(
  { queries, tables }: RowSource,
  name: TableName,
  removed: readonly Row[],
): Promise<void> {
  const keys = keysOf(tables, name);
  for (let from = 0; from < removed.length; from += removedAtOnce) {
    const some = removed.slice(from, from + removedAtOnce);
    const isRemoved = some.map((row) => and(...keys.map((key) => eq(key.column, row[key.name]))));
    await queries.delete(tables[name]).where(or(...isRemoved));
  }
}

interface Key {
  readonly name: string;
  readonly column: SQLiteColumn;
}

/** The members of primary keys that have several. */
const compositeKeys: Partial<Record<TableName, readonly string[]>> = {
  versions: ["workflowId", "version"],
  logs: ["executionId", "number"],
  executionCounts: ["slotMs", "at", "workflowId", "outcome", "durationClass"],
  secrets: ["workflowId", "name"],
};

function keysOf(tables: Tables, name: TableName): readonly Key[] {
  const columns = Object.entries(getTableColumns(tables[name])) as [string, SQLiteColumn][];
  const composite = compositeKeys[name];
  return columns
    .filter(([key, column]) => composite?.includes(key) ?? column.primary)
    .map(([key, column]) => ({ name: key, column }));
}

/** The primary key of a row as text. */
export function keyIn(tables: Tables, name: TableName, row: Row): string {
  return JSON.stringify(keysOf(tables, name).map((key) => row[key.name]));
}

function compared(keys: readonly Key[], operator: ">" | "<=", row: Row): SQL {
  const columns = sql.join(
    keys.map(({ column }) => sql`${column}`),
    sql`, `,
  );
  const values = sql.join(
    keys.map(({ name }) => sql`${row[name]}`),
    sql`, `,
  );
  return sql`(${columns}) ${sql.raw(operator)} (${values})`;
}
