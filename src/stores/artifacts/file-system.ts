import { randomUUID } from "node:crypto";
import { constants, mkdirSync } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ArtifactStorage } from "./artifacts.ts";
import { sweepArtifacts } from "./sweep.ts";

const { O_WRONLY, O_CREAT, O_EXCL, O_SYNC } = constants;

/**
 * Artifacts as files in a folder: `ab/ab12…`, so that no directory becomes too large. Several processes may share the
 * folder. A crash during `put` leaves a temporary file, which no digest refers to.
 *
 * @throws {DuraniumError} `internal`, with the folder, if it cannot be created
 */
export function createFileSystemArtifactStore(root: string): ArtifactStorage {
  makeRoot(root);
  return {
    place: root,
    put: (bytes) => put(root, bytes),
    get: (digest) => get(root, digest),
    list: () => list(root),
    sweep: async (options) => await sweepArtifacts(root, options),
  };
}

async function* list(root: string): AsyncGenerator<Digest> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const name of await readdir(join(root, entry.name))) if (isDigest(name)) yield name;
  }
}

function makeRoot(root: string): void {
  try {
    mkdirSync(root, { recursive: true });
  } catch (cause) {
    throw new DuraniumError("internal", `Cannot make the artifact folder ${root}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function put(root: string, bytes: Uint8Array): Promise<Digest> {
  const digest = digestOf(bytes);
  const path = pathOf(root, digest);
  try {
    await mkdir(dirname(path), { recursive: true });
    await renew(path);
    if (!(await holds(path, digest))) await writeAtomically(path, bytes);
    // Also if another writer created the entries, because it may not have synced them yet.
    await syncToDisk(dirname(path));
    await syncToDisk(root);
    return digest;
  } catch (cause) {
    throw new DuraniumError("internal", `Cannot store artifact ${digest} at ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function get(root: string, digest: Digest): Promise<Uint8Array> {
  const path = pathOf(root, digest);
  const bytes = await read(path, digest);
  const actual = digestOf(bytes);
  if (actual === digest) return bytes;
  throw new DuraniumError(
    "artifact-corrupt",
    `Cannot use artifact ${digest}: the ${bytes.byteLength} bytes at ${path} have the digest ${actual}`,
  );
}

async function read(path: string, digest: Digest): Promise<Uint8Array> {
  try {
    const buffer = await readFile(path);
    // `slice` of a Buffer shares its memory, which callers of a Uint8Array do not expect.
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (cause) {
    if (isNotThere(cause)) {
      throw new DuraniumError("artifact-missing", `There is no artifact ${digest} at ${path}`, { cause });
    }
    throw new DuraniumError("internal", `Cannot read artifact ${digest} at ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/**
 * Called before the file is read: a sweep that found it old and unreferenced then keeps it, or has already moved it.
 */
async function renew(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** An unreadable file is treated as damaged: writing replaces it, or fails with the reason. */
async function holds(path: string, digest: Digest): Promise<boolean> {
  try {
    return digestOf(await readFile(path)) === digest;
  } catch {
    return false;
  }
}

/** After a power failure, the path has either all of the bytes or its previous content. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeToDisk(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_SYNC);
  await file.writeFile(bytes);
}

/**
 * An entry of a directory is durable once the directory is synced. Node does not allow that in a process with its
 * permission model (`src/confined.ts`). There, a file is created in the directory and written through, which also makes
 * earlier entries durable on file systems with a single journal, such as ext4 and xfs.
 */
async function syncToDisk(directory: string): Promise<void> {
  if (process.permission !== undefined) return await writeThrough(directory);
  await using handle = await open(directory, "r");
  await handle.sync();
}

async function writeThrough(directory: string): Promise<void> {
  const path = join(directory, `.sync-${randomUUID()}`);
  await writeToDisk(path, new Uint8Array(1));
  await rm(path, { force: true });
}

function pathOf(root: string, digest: Digest): string {
  return join(root, digest.slice(0, 2), digest);
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
