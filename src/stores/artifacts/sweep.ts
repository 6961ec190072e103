import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../domain/ids.ts";

export interface SweepOptions {
  /** The artifacts that versions had when the sweep began. */
  readonly named: ReadonlySet<Digest>;
  /** Whether a version has the artifact now. */
  readonly isNamed: (digest: Digest) => boolean;
  /** Milliseconds since the Unix epoch: what was stored later stays, as its version may not be recorded yet. */
  readonly before: number;
}

/**
 * Removes artifacts that nothing names any more, and what crashes left of writes.
 *
 * Others may store the same bytes meanwhile: `put` renews the time of a file that is there, and looks at it afterwards. So a
 * file is put aside first, then its time and its name are looked at again, and it is put back where one of them has changed.
 * What a crash left aside is decided by the next sweep.
 *
 * @returns how many artifacts were removed
 */
export async function sweepArtifacts(root: string, options: SweepOptions): Promise<number> {
  const { named, before } = options;
  let removed = 0;
  for (const folder of await foldersIn(root)) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (name.endsWith(".tmp")) await removeOlder(path, before);
      else if (name.endsWith(aside)) await decide(path, options);
      else if (isDigest(name) && !named.has(name) && (await isOlder(path, before))) {
        await rename(path, `${path}${aside}`);
        if (await decide(`${path}${aside}`, options)) removed += 1;
      }
    }
  }
  return removed;
}

/** The end of the name of a file that is about to be removed. */
export const aside = ".unnamed";

/** @returns whether the artifact is gone */
async function decide(path: string, { isNamed, before }: SweepOptions): Promise<boolean> {
  const original = path.slice(0, -aside.length);
  const digest = original.slice(original.lastIndexOf("/") + 1) as Digest;
  const isWanted = isNamed(digest) || !(await isOlder(path, before));
  // Over what was stored meanwhile, which is the same.
  if (isWanted) await rename(path, original);
  else await rm(path, { force: true });
  return !isWanted;
}

async function removeOlder(path: string, before: number): Promise<void> {
  if (await isOlder(path, before)) await rm(path, { force: true });
}

/** What is gone by now is not old: another process sweeps as well. */
async function isOlder(path: string, before: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.isFile() && found.mtimeMs < before;
}

async function foldersIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}

function isDigest(name: string): name is Digest {
  return /^[0-9a-f]{64}$/.test(name);
}
