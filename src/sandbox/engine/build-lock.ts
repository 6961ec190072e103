import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A lock between processes that share a folder: a folder of its own, with who holds it in `owner.json`,
 * which the holder touches as long as it lives.
 *
 * It saves work, nothing is wrong without it: whoever comes second waits, and takes over when the holder
 * died. That is seen at once on the same machine, and otherwise (another container, a process id that was
 * used again) when `owner.json` was not touched for a while. So a lock that was left behind stops nobody.
 */

/** How often the holder shows that it lives. */
const beatMs = 1_000;

/** A holder that was not seen to live for this long is dead, or as good as that. */
const defaultStaleAfterMs = 15_000;

const pollMs = 100;

interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/** A lock that is held. Its folder is the holder's to use, and goes with the lock. */
export interface BuildLock extends AsyncDisposable {
  readonly folder: string;
  /** Whether nobody took the lock over, as happens to a process that was suspended for long. */
  isHeld(): Promise<boolean>;
}

interface AcquireOptions {
  readonly staleAfterMs?: number;
  /** Is called when somebody holds the lock. */
  readonly onWait?: () => void;
}

/** Takes the lock; `undefined` where somebody held it, who has given it back or died by now. */
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

/** A folder is made with its owner in it and then renamed: the name of a lock that is held is not free. */
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

/** Waits until the lock is given back; takes it away from a holder that died. */
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

/** Changes as long as the holder lives; `undefined` where there is no lock. */
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

/** Renamed first, so that the name is free at once and nobody sees a lock that is half gone. */
async function discard(folder: string): Promise<void> {
  const away = `${folder}-${randomUUID()}`;
  await rename(folder, away).catch(() => undefined);
  await rm(away, { recursive: true, force: true });
}
