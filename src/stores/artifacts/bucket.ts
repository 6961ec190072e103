import { randomUUID } from "node:crypto";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ObjectStorage, StoredObject } from "../object-storage/object-storage.ts";
import type { ArtifactStorage, SweepOptions } from "./artifacts.ts";

/*
 * Artifacts as objects in a bucket.
 *
 * S3 has no request that removes an object unless it was renewed meanwhile. So no object is ever renewed: an artifact is one object or
 * several, its copies, each written once under a key of its own and judged by its own time.
 *
 * 1. The first copy of an artifact is `artifacts/<digest>`, a further one `artifacts/<digest>.<uuid>`.
 * 2. `put` relies on a copy only while it is younger than `reliedOnMs`, which is far below the age at which a sweep may remove
 *    it. If there is none, it writes another copy, which no sweep that is in progress has in its list.
 * 3. A sweep removes copies that it listed as old: all, if nothing refers to the artifact, else all but the newest.
 * 4. `get` reads the first copy, and lists the others only if that is missing or damaged.
 */

const folder = "artifacts/";

/** How long `put` relies on a copy. A sweep removes nothing that is younger than several days. */
const reliedOnMs = 24 * 60 * 60 * 1_000;

/** Objects that a sweep removes concurrently. */
const maxConcurrentRemovals = 8;

export function createBucketArtifactStore(
  storage: ObjectStorage,
  now: () => number = () => Date.now(),
): ArtifactStorage {
  return {
    place: storage.url,
    put: async (bytes) => await put(storage, bytes, now()),
    get: async (digest) => await get(storage, digest),
    list: () => list(storage),
    sweep: async (options) => await sweep(storage, options),
  };
}

async function put(storage: ObjectStorage, bytes: Uint8Array, now: number): Promise<Digest> {
  const digest = digestOf(bytes);
  const copies = await copiesOf(storage, digest);
  const young = copies.filter(({ modifiedAt }) => modifiedAt > now - reliedOnMs);
  for (const { key } of young) {
    if (!(await isIntact(storage, key, digest))) await storage.put(key, bytes);
    return digest;
  }
  const key = copies.length === 0 ? `${folder}${digest}` : `${folder}${digest}.${randomUUID()}`;
  // If another process has just stored the first copy, it is young.
  await storage.put(key, bytes, { isNew: true });
  return digest;
}

async function get(storage: ObjectStorage, digest: Digest): Promise<Uint8Array> {
  const first = `${folder}${digest}`;
  const bytes = await storage.get(first);
  if (bytes !== undefined && digestOf(bytes) === digest) return bytes;
  // Damaged bytes are read once more, because they may have been damaged on the way.
  const copies = await copiesOf(storage, digest);
  for (const { key } of copies.toReversed()) {
    const copy = await storage.get(key);
    if (copy !== undefined && digestOf(copy) === digest) return copy;
  }
  const place = `${storage.url}/${first}`;
  if (copies.length === 0)
    throw new DuraniumError("artifact-missing", `There is no artifact ${digest} at ${place}`);
  throw new DuraniumError(
    "artifact-corrupt",
    `Cannot use artifact ${digest}: the bytes at ${place} have another digest`,
  );
}

/** The oldest first. */
async function copiesOf(storage: ObjectStorage, digest: Digest): Promise<readonly StoredObject[]> {
  const copies = await Array.fromAsync(storage.list(`${folder}${digest}`));
  return copies.toSorted((one, other) => one.modifiedAt - other.modifiedAt);
}

async function isIntact(storage: ObjectStorage, key: string, digest: Digest): Promise<boolean> {
  const bytes = await storage.get(key);
  return bytes !== undefined && digestOf(bytes) === digest;
}

async function* list(storage: ObjectStorage): AsyncGenerator<Digest> {
  for await (const { digest } of artifactsIn(storage)) yield digest;
}

interface ListedArtifact {
  readonly digest: Digest;
  /** The oldest first. */
  readonly copies: readonly StoredObject[];
}

/** Keys are listed in their order, so the copies of an artifact follow each other. */
async function* artifactsIn(storage: ObjectStorage): AsyncGenerator<ListedArtifact> {
  let digest: Digest | undefined;
  let copies: StoredObject[] = [];
  for await (const object of storage.list(folder)) {
    const name = object.key.slice(folder.length, folder.length + 64);
    if (!isDigest(name)) continue;
    if (digest !== undefined && name !== digest) yield { digest, copies: oldestFirst(copies) };
    copies = name === digest ? [...copies, object] : [object];
    digest = name;
  }
  if (digest !== undefined) yield { digest, copies: oldestFirst(copies) };
}

function oldestFirst(copies: readonly StoredObject[]): readonly StoredObject[] {
  return copies.toSorted((one, other) => one.modifiedAt - other.modifiedAt);
}

async function sweep(storage: ObjectStorage, options: SweepOptions): Promise<number> {
  await storage.abortUploads(folder, options.before);
  let removed = 0;
  let pending: Promise<number>[] = [];
  for await (const artifact of artifactsIn(storage)) {
    pending.push(removeOld(storage, artifact, options));
    if (pending.length < maxConcurrentRemovals) continue;
    removed += sum(await Promise.all(pending));
    pending = [];
  }
  return removed + sum(await Promise.all(pending));
}

/** @returns 1 if no copy is left, else 0 */
async function removeOld(
  storage: ObjectStorage,
  { digest, copies }: ListedArtifact,
  { named, isNamed, before }: SweepOptions,
): Promise<number> {
  const old = copies.filter(({ modifiedAt }) => modifiedAt < before);
  if (old.length === 0) return 0;
  const isReferredTo = named.has(digest) || (await isNamed(digest));
  const unneeded = isReferredTo ? old.filter((copy) => copy !== copies.at(-1)) : old;
  for (const { key } of unneeded) await storage.remove(key);
  return unneeded.length === copies.length ? 1 : 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
