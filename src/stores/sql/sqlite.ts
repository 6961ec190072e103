import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import BetterSqlite3 from "better-sqlite3";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { createLocalCoordination } from "../coordination/local-coordination.ts";
import { drizzle, readMigrationFiles } from "./drizzle.ts";
import { sqliteColumns } from "./columns.ts";
import type { Database, Queries, Steps } from "./database.ts";
import type { BaseSQLiteDatabase } from "./drizzle.ts";
import { tablesOf } from "./tables.ts";

/** The queries of stores that are not asynchronous yet. */
export type SyncQueries = BaseSQLiteDatabase<"sync", BetterSqlite3.RunResult>;

export interface SqliteDatabase extends Database, Disposable {
  readonly sync: SyncQueries;
}

/** How long a writer waits for a writer of another process. Transactions are short. */
const busyTimeoutMs = 5_000;

const migrationsFolder = fileURLToPath(new URL("../../../migrations", import.meta.url));

/**
 * Opens the SQLite database at a path, or one in `:memory:`, creates it if it is missing, and migrates its schema.
 * Several processes may do so concurrently.
 *
 * @throws {DuraniumError} `internal`, with the path
 */
export function openSqlite(path: string): SqliteDatabase {
  try {
    const sqlite = openFile(path);
    const sync = drizzle(sqlite);
    return {
      ...createLocalCoordination(),
      dialect: "sqlite",
      tables: sqliteTables,
      queries: sync as unknown as Queries,
      sync,
      transaction: async (steps) =>
        sync.transaction((tx) => runSteps(steps(tx as unknown as Queries)), { behavior: "immediate" }),
      snapshot: async (read) =>
        path === ":memory:" ? await read(sync as unknown as Queries) : await readSnapshot(path, read),
      check: async () => void sqlite.pragma("user_version"),
      [Symbol.dispose]: () => void sqlite.close(),
      [Symbol.asyncDispose]: async () => void sqlite.close(),
    };
  } catch (error) {
    throw new DuraniumError("internal", `Cannot open the database ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const sqliteTables = tablesOf(sqliteColumns);

function runSteps<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) {
    const query = step.value as unknown as { prepare(): { execute(): { sync(): unknown } } };
    step = steps.next(query.prepare().execute().sync());
  }
  return step.value;
}

/** A transaction that reads sees the database as of its first query. It has its own connection, because it waits between queries. */
async function readSnapshot<T>(path: string, read: (queries: Queries) => Promise<T>): Promise<T> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    sqlite.exec("BEGIN");
    return await read(drizzle(sqlite) as unknown as Queries);
  } finally {
    sqlite.close();
  }
}

/** Copies the database as of one point in time while other connections read and write it. */
export async function copyDatabase(path: string, to: string): Promise<void> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    await sqlite.backup(to, { progress: () => pagesPerStep });
  } finally {
    sqlite.close();
  }
}

/** Other connections can write between two steps. A write of another process restarts the copy. */
const pagesPerStep = 10_000;

/** @throws {Error} with SQLite's message if the file is damaged */
export function assertIntact(path: string): void {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    const [first] = sqlite.pragma("integrity_check(1)") as { readonly integrity_check: string }[];
    if (first?.integrity_check !== "ok") throw new Error(`${path} is damaged: ${first?.integrity_check}`);
  } finally {
    sqlite.close();
  }
}

function openFile(path: string): BetterSqlite3.Database {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const sqlite = new BetterSqlite3(path, { timeout: busyTimeoutMs });
  try {
    configure(sqlite);
    migrate(sqlite);
    sqlite.pragma("foreign_keys = ON");
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * Commits are synced (`FULL`): Restate journals that a version was recorded and never records it again, so the number
 * of a version that was lost in a power failure would be assigned twice. Writes are rare.
 */
function configure(sqlite: BetterSqlite3.Database): void {
  switchToWal(sqlite);
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("fullfsync = ON");
}

/**
 * SQLite does not apply its busy timeout here: two processes that switch a new file concurrently would deadlock, so it
 * rejects one of them, and this function retries.
 */
function switchToWal(sqlite: BetterSqlite3.Database): void {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      sqlite.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      sleepSync(1 + Math.random() * 10);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function sleepSync(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

/**
 * Applies the migrations that the file does not have yet; `user_version` is the number of those that it has. Drizzle's
 * own `migrate` checks which are missing before it takes the write lock, so two processes could both apply one.
 *
 * Foreign keys are disabled during a migration, because a step that rebuilds a table drops the old one, and they cannot
 * be disabled inside a transaction.
 */
function migrate(sqlite: BetterSqlite3.Database): void {
  const steps = readMigrationFiles({ migrationsFolder });
  sqlite.pragma("foreign_keys = OFF");
  const applyMissing = sqlite.transaction(() => {
    const applied = Number(sqlite.pragma("user_version", { simple: true }));
    if (applied > steps.length) throw new Error("a newer version of Duranium has migrated it");
    if (applied === steps.length) return;
    for (const statement of steps.slice(applied).flatMap((step) => step.sql)) sqlite.exec(statement);
    rejectDanglingReferences(sqlite);
    sqlite.pragma(`user_version = ${steps.length}`);
  });
  applyMissing.immediate();
}

function rejectDanglingReferences(sqlite: BetterSqlite3.Database): void {
  const dangling = sqlite.pragma("foreign_key_check") as unknown[];
  if (dangling.length > 0) throw new Error(`its migration leaves ${dangling.length} dangling references`);
}
