import type { Logger } from "../../base/logger.ts";
import type { Coordination } from "../coordination/coordination.ts";
import type { BaseSQLiteDatabase } from "./drizzle.ts";
import type { Tables } from "./tables.ts";

/**
 * The query interface of stores: the whole database, or one transaction. Queries are Drizzle's builders, and they are awaited.
 * The types are those of SQLite; of their methods, only those that PostgreSQL has too may be used, so not `get`, `all`, `run`
 * and `values()` of a built query.
 */
export type Queries = BaseSQLiteDatabase<"async", unknown>;

/** The steps of a transaction: a generator that yields each query and receives its rows. See {@link rows}. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** An open database, SQLite or PostgreSQL, with the current schema, by which the processes that use it also coordinate. */
export interface Database extends Coordination {
  readonly dialect: "sqlite" | "postgres";
  readonly tables: Tables;
  readonly queries: Queries;
  /**
   * Runs the steps in a serializable transaction, which is rolled back if they throw. They run again from the start if PostgreSQL
   * asks for it, so they have no other effects.
   *
   * @throws {DuraniumError} `database-unavailable`
   */
  readonly transaction: <T>(steps: (tx: Queries) => Steps<T>) => Promise<T>;
  /**
   * Calls `read` with queries that only read, and that all see the database as of one moment, whatever is written meanwhile. A database
   * in memory has no such view: nothing may write to it until `read` is done.
   *
   * @throws {DuraniumError} `database-unavailable`
   */
  readonly snapshot: <T>(read: (queries: Queries) => Promise<T>) => Promise<T>;
  /** Reads from the database. Throws if that fails. */
  check(): Promise<void>;
}

/** By this name, PostgreSQL knows the connections of servers. */
export const serverName = "duranium";

export interface DatabaseOptions {
  readonly logger: Pick<Logger, "info" | "error">;
  /** The name of the connections for PostgreSQL; by default that of servers. */
  readonly applicationName?: string;
}

/**
 * One step of a transaction: `const [row] = yield* rows(tx.select()…)`.
 *
 * Transactions of better-sqlite3 cannot wait, so the steps are a generator instead of an asynchronous function: SQLite runs it
 * synchronously, PostgreSQL waits for each query.
 */
export function* rows<T>(query: PromiseLike<T>): Generator<PromiseLike<T>, T, unknown> {
  return (yield query) as T;
}

/** A query that is built once. Its parameters are `sql.placeholder(name)`. */
export interface PreparedQuery<Row> {
  execute(parameters: Readonly<Record<string, unknown>>): PromiseLike<readonly Row[]>;
}

/** Builds a query once, for queries that run often. */
export function prepare<Row>(query: PromiseLike<readonly Row[]>): PreparedQuery<Row> {
  // With a name, PostgreSQL parses the query once for each connection. SQLite ignores it.
  return (query as unknown as { prepare(name: string): PreparedQuery<Row> }).prepare("prepared");
}

/** The number of rows that an `INSERT`, `UPDATE` or `DELETE` without `returning()` has changed. */
export function changedRows(result: unknown): number {
  const { changes, rowCount } = result as { readonly changes?: number; readonly rowCount?: number };
  return changes ?? rowCount ?? 0;
}

/** The JSON of rows with texts that both databases store: PostgreSQL has neither U+0000 nor half of a surrogate pair. */
export function storableJson(rows: object): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value,
  );
}
