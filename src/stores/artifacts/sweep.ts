import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import type { SweepOptions } from "./artifacts.ts";

/**
 * Removes the files of artifacts that nothing refers to, and temporary files that crashes left.
 *
 * Other processes may store the same bytes concurrently: `put` renews the time of an existing file, and reads the file
 * afterwards. The sweep therefore renames a file first, checks its time and its references again, and renames it back
 * if either has changed. The next sweep decides about files that a crash left renamed.
 *
 * @returns the number of removed artifacts
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

/** Suffix of a file that is about to be removed. */
export const aside = ".unnamed";

/** @returns true if the artifact was removed */
async function decide(path: string, { isNamed, before }: SweepOptions): Promise<boolean> {
  const original = path.slice(0, -aside.length);
  const digest = original.slice(original.lastIndexOf("/") + 1) as Digest;
  const isWanted = (await isNamed(digest)) || !(await isOlder(path, before));
  // This may replace a file that was stored in the meantime and has the same bytes.
  if (isWanted) await rename(path, original);
  else await rm(path, { force: true });
  return !isWanted;
}

async function removeOlder(path: string, before: number): Promise<void> {
  if (await isOlder(path, before)) await rm(path, { force: true });
}

/** A missing file counts as not old, because another process may have removed it. */
async function isOlder(path: string, before: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.isFile() && found.mtimeMs < before;
}

async function foldersIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}
