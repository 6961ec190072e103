import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A lock between processes that share a folder. The lock is itself a folder, whose `owner.json` names the
 * holder and is touched by it periodically.
 *
 * The lock only saves work: if it failed, two processes would build the same engine. A second process waits,
 * and takes the lock over if the holder has died. On the same machine that is visible immediately; otherwise
 * (another container, a reused PID) the lock is stale when `owner.json` was not touched for a while. A lock
 * that was left behind therefore blocks no process for long.
 */

/** The interval at which the holder touches `owner.json`. */
const beatMs = 1_000;

/** A holder without a sign of life for this long is considered dead. */
const defaultStaleAfterMs = 15_000;

const pollMs = 100;

interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/** A held lock. Its folder belongs to the holder and is removed with the lock. */
export interface BuildLock extends AsyncDisposable {
  readonly folder: string;
  /**
   * Returns false if another process took the lock over, which happens to a process that was suspended for
   * long.
   */
  isHeld(): Promise<boolean>;
}

interface AcquireOptions {
  readonly staleAfterMs?: number;
  /** Called when another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Acquires the lock. Returns `undefined` if another process held it, after that one has released it or died.
 */
export async function acquireBuildLock(
  folder: string,
  { staleAfterMs = defaultStaleAfterMs, onWait = () => {} }: AcquireOptions = {},
): Promise<BuildLock | undefined> {
  const lock = await tryLock(folder);
  if (lock !== undefined) return lock;
  onWait();
  await untilFree(folder, staleAfterMs);
  return undefined;
}

/** Creates a folder with its owner in it and renames it: the rename fails while the lock is held. */
async function tryLock(folder: string): Promise<BuildLock | undefined> {
  const owner: Owner = { token: randomUUID(), pid: process.pid, host: hostname() };
  const prepared = `${folder}-${owner.token}`;
  await mkdir(prepared);
  await writeFile(join(prepared, "owner.json"), JSON.stringify(owner));
  try {
    await rename(prepared, folder);
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    if (isTaken(error)) return undefined;
    throw error;
  }
  return holdLock(folder, owner.token);
}

function isTaken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOTEMPTY" || code === "EEXIST";
}

function holdLock(folder: string, token: string): BuildLock {
  const isHeld = async (): Promise<boolean> => (await readOwner(folder))?.token === token;
  const beat = setInterval(() => void touch(folder), beatMs).unref();
  return {
    folder,
    isHeld,
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      if (await isHeld()) await discard(folder);
    },
  };
}

async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(join(folder, "owner.json"), now, now).catch(() => undefined);
}

/** Waits until the lock is released, or removes it if its holder has died. */
async function untilFree(folder: string, staleAfterMs: number): Promise<void> {
  let seen = { sign: "", at: performance.now() };
  for (;;) {
    const sign = await signOfLife(folder);
    if (sign === undefined) return;
    if (sign !== seen.sign) seen = { sign, at: performance.now() };
    if (performance.now() - seen.at > staleAfterMs || (await isDead(folder))) return discard(folder);
    await delay(pollMs);
  }
}

/** A value that changes while the holder lives; `undefined` if there is no lock. */
async function signOfLife(folder: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs } = await stat(join(folder, "owner.json"));
    return `${ino} ${mtimeMs}`;
  } catch {
    return stat(folder).then(
      () => "no owner",
      () => undefined,
    );
  }
}

async function isDead(folder: string): Promise<boolean> {
  const owner = await readOwner(folder);
  if (owner === undefined || owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

async function readOwner(folder: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "owner.json"), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

/** Renamed first, so that the name is free immediately and no process sees a partly removed lock. */
async function discard(folder: string): Promise<void> {
  const away = `${folder}-${randomUUID()}`;
  await rename(folder, away).catch(() => undefined);
  await rm(away, { recursive: true, force: true });
}
