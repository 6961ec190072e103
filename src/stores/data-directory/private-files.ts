import { chmodSync, statSync } from "node:fs";
import type { Logger } from "../../base/logger.ts";
import { messageOf } from "../../domain/errors.ts";

/**
 * Payloads, results and sources are in the data directory: other users of the machine may read none of it. What is made from
 * now on, by this process and those that it starts, belongs to its user alone; what an older release left is tightened.
 */
export function keepFilesPrivate(
  { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string },
  logger: Logger,
): void {
  process.umask(0o077);
  tighten(dataDir, 0o700, logger);
  // It may be elsewhere, in a folder that is not ours.
  for (const suffix of ["", "-wal", "-shm"]) tighten(`${databaseUrl}${suffix}`, 0o600, logger);
}

const othersBits = 0o077;
const stickyBit = 0o1000;

function tighten(path: string, mode: number, logger: Logger): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & othersBits) === 0) return;
  try {
    // A folder such as /tmp is everybody's.
    if ((found.mode & stickyBit) !== 0) throw new Error("it is shared with other users");
    chmodSync(path, mode);
    logger.info(`tightened the permissions of ${path}: other users could read it`);
  } catch (error) {
    logger.warn(`other users may read ${path}, and its permissions cannot be tightened: ${messageOf(error)}`);
  }
}
