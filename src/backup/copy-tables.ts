import type { Database } from "../stores/sql/database.ts";
import { asc, getTableColumns, getTableName, sql } from "../stores/sql/drizzle.ts";
import type { SQL, SQLiteColumn } from "../stores/sql/drizzle.ts";
import type { Tables } from "../stores/sql/tables.ts";

/**
 * Copies all rows of one database to another, SQLite or PostgreSQL, page by page in the order of the primary key. Rows that were
 * copied before are written again, so a copy that was interrupted, or made while the installation ran, is completed by the next.
 */
export interface CopyOptions {
  readonly from: Database;
  readonly to: Database;
  readonly onCopied: (table: string, rows: number) => void;
}

/** @throws {Error} if the databases differ afterwards */
export async function copyTables({ from, to, onCopied }: CopyOptions): Promise<void> {
  for (const name of Object.keys(from.tables) as (keyof Tables)[]) {
    let count = 0;
    for await (const page of pagesOf(from, name)) {
      await write(to, name, page);
      count += page.length;
    }
    if (to.dialect === "postgres") await continueIdentity(to, name);
    onCopied(getTableName(from.tables[name]), count);
  }
  for (const name of Object.keys(from.tables) as (keyof Tables)[]) await assertEqual(from, to, name);
}

type Row = Readonly<Record<string, unknown>>;

const rowsPerPage = 500;

/** Sources and drafts have up to megabytes in each row. */
const largeRowsPerPage = 20;

const largeTables: ReadonlySet<keyof Tables> = new Set(["sources", "drafts"]);

async function* pagesOf({ queries, tables }: Database, name: keyof Tables): AsyncGenerator<readonly Row[]> {
  const table = tables[name] as Tables["logs"];
  const keys = keysOf(tables, name);
  const limit = largeTables.has(name) ? largeRowsPerPage : rowsPerPage;
  let last: Row | undefined;
  do {
    const after = last === undefined ? undefined : isAfter(keys, last);
    const order = keys.map(({ column }) => asc(column));
    const page: readonly Row[] = await queries
      .select()
      .from(table)
      .where(after)
      .orderBy(...order)
      .limit(limit);
    if (page.length > 0) yield page;
    last = page.length < limit ? undefined : page.at(-1);
  } while (last !== undefined);
}

interface Key {
  readonly name: string;
  readonly column: SQLiteColumn;
}

/** The members of primary keys that have several. */
const compositeKeys: Partial<Record<keyof Tables, readonly string[]>> = {
  versions: ["workflowId", "version"],
  logs: ["executionId", "number"],
  executionCounts: ["slotMs", "at", "workflowId", "outcome", "durationClass"],
  secrets: ["workflowId", "name"],
};

function keysOf(tables: Tables, name: keyof Tables): readonly Key[] {
  const columns = Object.entries(getTableColumns(tables[name])) as [string, SQLiteColumn][];
  const composite = compositeKeys[name];
  return columns
    .filter(([key, column]) => composite?.includes(key) ?? column.primary)
    .map(([key, column]) => ({ name: key, column }));
}

function isAfter(keys: readonly Key[], row: Row): SQL {
  const columns = sql.join(
    keys.map(({ column }) => sql`${column}`),
    sql`, `,
  );
  const values = sql.join(
    keys.map(({ name }) => sql`${row[name]}`),
    sql`, `,
  );
  return sql`(${columns}) > (${values})`;
}

async function write({ queries, tables }: Database, name: keyof Tables, page: readonly Row[]): Promise<void> {
  const table = tables[name] as Tables["logs"];
  const keys = keysOf(tables, name);
  const others = (Object.entries(getTableColumns(table)) as [string, SQLiteColumn][]).filter(
    ([key]) => !keys.some((each) => each.name === key),
  );
  const insert = queries.insert(table).values(page as never[]);
  const target = keys.map(({ column }) => column);
  const set = Object.fromEntries(
    others.map(([key, column]) => [key, sql`excluded.${sql.identifier(column.name)}`]),
  );
  await (others.length === 0
    ? insert.onConflictDoNothing({ target })
    : insert.onConflictDoUpdate({ target, set }));
}

/** PostgreSQL assigns the numbers that follow those that were copied. */
async function continueIdentity({ queries, tables }: Database, name: keyof Tables): Promise<void> {
  const table = tables[name];
  const [key, ...others] = keysOf(tables, name);
  if (key === undefined || others.length > 0 || !identityTables.has(name)) return;
  const sequence = sql`pg_get_serial_sequence(${getTableName(table)}, ${key.column.name})`;
  const next = sql`(SELECT coalesce(max(${key.column}), 0) + 1 FROM ${table})`;
  await queries.select({ value: sql`setval(${sequence}, ${next}, false)` }).from(sql`(SELECT 1) AS one`);
}

const identityTables: ReadonlySet<keyof Tables> = new Set([
  "executionEnds",
  "alertIncidents",
  "alerts",
  "alertDeliveries",
  "webhookDeliveries",
  "auditLog",
]);

async function assertEqual(from: Database, to: Database, name: keyof Tables): Promise<void> {
  const table = getTableName(from.tables[name]);
  const copies = pagesOf(to, name);
  for await (const page of pagesOf(from, name)) {
    const { value } = await copies.next();
    if (shown(page) !== shown((value ?? []) as readonly Row[]))
      throw new Error(`the rows of ${table} differ: run it again while the installation is stopped`);
  }
  if ((await copies.next()).done !== true)
    throw new Error(`${table} has rows that are not in the database that was copied`);
}

/** Text as both databases store it: PostgreSQL has no U+0000. */
function shown(page: readonly Row[]): string {
  return JSON.stringify(page, (_key, value: unknown) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value,
  );
}
