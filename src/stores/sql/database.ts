import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import BetterSqlite3 from "better-sqlite3";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { drizzle, readMigrationFiles } from "./drizzle.ts";
import type { BaseSQLiteDatabase } from "./drizzle.ts";

/** What stores ask: the whole database, or one transaction of it. */
export type Queries = BaseSQLiteDatabase<"sync", BetterSqlite3.RunResult>;

/** An open database, its schema up to date. */
export interface Database extends Disposable {
  readonly queries: Queries;
  /** Reads from the file. Throws where that is not possible. */
  check(): void;
  close(): void;
}

/** How long a writer waits for one in another process. Transactions take milliseconds. */
const busyTimeoutMs = 5_000;

const migrationsFolder = fileURLToPath(new URL("../../../migrations", import.meta.url));

/**
 * Opens the SQLite database at a path, or one in `:memory:`, creates it where there is none, and brings its
 * schema up to date. Several processes may do so at once.
 *
 * @throws {DuraniumError} `internal`, naming the path
 */
export function openDatabase(path: string): Database {
  try {
    const sqlite = openFile(path);
    return {
      queries: drizzle(sqlite),
      check: () => void sqlite.pragma("user_version"),
      close: () => void sqlite.close(),
      [Symbol.dispose]: () => void sqlite.close(),
    };
  } catch (error) {
    throw new DuraniumError("internal", `Cannot open the database ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Copies the database while others read and write it: the copy is that of one moment. */
export async function copyDatabase(path: string, to: string): Promise<void> {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    await sqlite.backup(to, { progress: () => pagesPerStep });
  } finally {
    sqlite.close();
  }
}

/** Others can write between two steps, which begins the copy anew where they are in another process. */
const pagesPerStep = 10_000;

/** @throws {Error} where the file is damaged, in SQLite's words */
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
 * Commits are synced (`FULL`): Restate remembers that a version was recorded and never records it again,
 * so a version lost with the power would be a number that is given out twice. Writes are rare.
 */
function configure(sqlite: BetterSqlite3.Database): void {
  switchToWal(sqlite);
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("fullfsync = ON");
}

/**
 * SQLite does not wait its busy timeout here: two processes that switch a new file at once would wait for
 * each other, so it refuses one of them, which tries again.
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
 * Applies the steps that the file does not have yet; `user_version` counts those that it has. Drizzle's own
 * `migrate` looks which steps are missing before it takes the write lock, so two processes could both
 * apply one.
 *
 * Foreign keys are off meanwhile, because a step that rebuilds a table drops the old one, and they cannot
 * be switched inside a transaction.
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
