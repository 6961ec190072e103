import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";

/**
 * The lock on a data directory whose Restate server a process runs, so that two servers never work on the same data. APIs
 * and executors that use a server of another process need no lock.
 *
 * The lock is SQLite's on an empty file: the kernel releases it with the process that holds it, however that ends, and a
 * copy of the directory does not carry it. Nothing else in the process may open the file: POSIX drops all locks of a
 * process on a file when one of its descriptors of that file is closed.
 */
export type DataLock = Disposable;

/** The name of the lock's file in the data directory. */
export const dataLockName = "lock";

/** Another process works on the data directory. */
export class DataDirectoryInUseError extends Error {
  override readonly name = "DataDirectoryInUseError";
}

/** How long a process that is about to end may keep its lock. */
const lockTimeoutMs = 3_000;

/** @throws {DataDirectoryInUseError} and what SQLite says where the file cannot be written */
export function lockDataDirectory(dataDir: string, waitMs: number = lockTimeoutMs): DataLock {
  const sqlite = new BetterSqlite3(join(dataDir, dataLockName), { timeout: waitMs });
  try {
    sqlite.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    sqlite.close();
    if (!isBusy(error)) throw error;
    throw new DataDirectoryInUseError(
      `Another Duranium process is running on the data directory ${dataDir}: stop it first, or set DURANIUM_DATA_DIR to another folder`,
      { cause: error },
    );
  }
  return { [Symbol.dispose]: () => void sqlite.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
