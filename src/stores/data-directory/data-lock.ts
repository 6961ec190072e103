import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";

/**
 * The lock on a data directory whose Restate server a process runs, so that two servers never use the same data. APIs
 * and executors that use the server of another process need no lock.
 *
 * It is SQLite's lock on an empty file: the kernel releases it when the process exits, however that happens, and a copy
 * of the directory does not carry it. No other code in the process may open the file, because POSIX drops all locks of
 * a process on a file when it closes one of its descriptors of that file.
 */
export type DataLock = Disposable;

/** The name of the lock file in the data directory. */
export const dataLockName = "lock";

/** Another process uses the data directory. */
export class DataDirectoryInUseError extends Error {
  override readonly name = "DataDirectoryInUseError";
}

/** How long to wait for a process that is shutting down to release its lock. */
const lockTimeoutMs = 3_000;

/** @throws {DataDirectoryInUseError}, or SQLite's error if the file cannot be written */
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
