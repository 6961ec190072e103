import { chmodSync, statSync } from "node:fs";
import type { Logger } from "../../base/logger.ts";
import { messageOf } from "../../domain/errors.ts";

/**
 * The data directory has payloads, results and sources, which other users of the machine must not read.
 *
 * Makes new files of this process and its children accessible to their owner only. Called before the first file is made.
 */
export function keepNewFilesPrivate(): void {
  process.umask(0o077);
}

/** Tightens the permissions of existing files, such as those of older releases and of a folder that the operator made. */
export function tightenExistingFiles(
  { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string },
  logger: Logger,
): void {
  tighten(dataDir, 0o700, logger);
  // The database may be in a folder that Duranium does not own.
  for (const suffix of ["", "-wal", "-shm"]) tighten(`${databaseUrl}${suffix}`, 0o600, logger);
}

const othersBits = 0o077;
const stickyBit = 0o1000;

function tighten(path: string, mode: number, logger: Logger): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & othersBits) === 0) return;
  try {
    // A folder such as /tmp belongs to all users.
    if ((found.mode & stickyBit) !== 0) throw new Error("it is shared with other users");
    chmodSync(path, mode);
    logger.info(`tightened the permissions of ${path}: other users could read it`);
  } catch (error) {
    logger.warn(`other users may read ${path}, and its permissions cannot be tightened: ${messageOf(error)}`);
  }
}
