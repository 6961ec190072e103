import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import type { ArtifactStorage } from "./artifacts.ts";

export interface ArtifactCacheOptions {
  /** Absolute. Several processes may share it. */
  readonly directory: string;
  /** The files used least recently are removed above it. */
  readonly maxBytes: number;
}

/**
 * Keeps copies of artifacts on the local disk, so that executions start while the storage is slow or unavailable. The storage
 * remains the truth: nothing depends on a file of the cache, each is verified when it is read, and a damaged one is read from the
 * storage again. Errors of the local disk are ignored.
 */
export function cacheArtifacts(storage: ArtifactStorage, options: ArtifactCacheOptions): ArtifactStorage {
  const { directory, maxBytes } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pathOf = (digest: Digest) => join(directory, digest);
  let unaccountedBytes = Number.POSITIVE_INFINITY;

  async function add(digest: Digest, bytes: Uint8Array): Promise<void> {
    if (bytes.length > maxBytes) return;
    const isStored = await writeWhole(pathOf(digest), bytes);
    if (!isStored) return;
    unaccountedBytes += bytes.length;
    if (unaccountedBytes < maxBytes * scanShare) return;
    unaccountedBytes = 0;
    await evict(directory, maxBytes).catch(() => undefined);
  }

  return {
    ...storage,
    async put(bytes) {
      const digest = await storage.put(bytes);
      await add(digest, bytes);
      return digest;
    },
    async get(digest) {
      const cached = await readIntact(pathOf(digest), digest);
      if (cached !== undefined) return cached;
      const bytes = await storage.get(digest);
      await add(digest, bytes);
      return bytes;
    },
  };
}

/** The share of the maximum that a process may add before it measures the folder again, to which others add as well. */
const scanShare = 0.05;

/** What remains after an eviction, so that the next artifact does not cause another one. */
const keptShare = 0.9;

/** The age at which a temporary file is no longer being written. */
const abandonedMs = 60 * 60 * 1_000;

async function readIntact(path: string, digest: Digest): Promise<Uint8Array | undefined> {
  const buffer = await readFile(path).catch(() => undefined);
  if (buffer === undefined) return undefined;
  if (digestOf(buffer) !== digest) {
    await rm(path, { force: true }).catch(() => undefined);
    return undefined;
  }
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
  // `slice` of a Buffer shares its memory, which callers of a Uint8Array do not expect.
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Other processes never see a part of a file. It need not survive a power failure. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
    return true;
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** A file that another process removes at the same time is not an error. */
async function evict(directory: string, maxBytes: number): Promise<void> {
  const names = await readdir(directory);
  const found = await Promise.all(names.map(async (name) => await measure(directory, name)));
  const files = found.filter((file) => file !== undefined);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return;
  for (const { path, bytes } of files.toSorted((one, other) => one.usedAt - other.usedAt)) {
    if (total <= maxBytes * keptShare) return;
    await rm(path, { force: true });
    total -= bytes;
  }
}

/** Undefined for a file that is gone, or is being written. */
async function measure(directory: string, name: string): Promise<CachedFile | undefined> {
  const path = join(directory, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!isDigest(name)) {
    if (Date.now() - found.mtimeMs > abandonedMs) await rm(path, { force: true });
    return undefined;
  }
  return { path, bytes: found.size, usedAt: found.mtimeMs };
}
