import { constants, existsSync } from "node:fs";
import { chmod, copyFile, link, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Copies files into a folder on the same disk, so that the copy can be read while the originals change. Files that are
 * never modified are linked, which is fast and takes no space.
 */
export interface SnapshotRules {
  readonly isImmutable: (name: string) => boolean;
  readonly isLeftOut: (name: string) => boolean;
}

/** Artifacts and engines are written once, each under a new name. */
export const writtenOnce: SnapshotRules = {
  isImmutable: () => true,
  isLeftOut: (name) => /\.(?:tmp|unnamed)$/.test(name) || name.startsWith(".sync-"),
};

/**
 * RocksDB never changes a table file, but appends to its logs and manifests. `tmp` has query results, which are not
 * copied.
 */
export const restateFiles: SnapshotRules = {
  isImmutable: (name) => name.endsWith(".sst"),
  isLeftOut: (name) => name === "tmp" || name === "restate.pid" || name.endsWith(".sock"),
};

export const copied: SnapshotRules = { isImmutable: () => false, isLeftOut: () => false };

/** Does nothing if the folder does not exist. */
export async function snapshotFolder(from: string, to: string, rules: SnapshotRules): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (rules.isLeftOut(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await snapshotFolder(source, target, rules);
    else if (entry.isFile()) await snapshotFile(source, target, rules.isImmutable(entry.name));
  }
}

/** Does nothing if the file does not exist. */
export async function snapshotFile(from: string, to: string, isImmutable = false): Promise<void> {
  if (!existsSync(from)) return;
  if (isImmutable && (await isLinked(from, to))) return;
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    // A sweep may have removed an artifact that no version refers to.
    if (isImmutable && !existsSync(from)) return;
    throw error;
  }
  await chmod(to, 0o600);
}

/** A file cannot be linked across file systems. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    return false;
  }
}
