import { mkdtempDisposable, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { cacheArtifacts } from "./cache.ts";
import { createFileSystemArtifactStore } from "./file-system.ts";

test("an artifact that was read once is served while the storage is unavailable", async () => {
  await using folder = await temporaryFolder();
  const writer = openCache(folder.path, { cache: "writer" });
  const reader = openCache(folder.path, { cache: "reader" });
  const digest = await writer.put(bytesOf("once"));
  expect(await reader.get(digest)).toEqual(bytesOf("once"));
  for (const each of [writer, reader]) each.isAvailable = false;
  expect(await writer.get(digest)).toEqual(bytesOf("once"));
  expect(await reader.get(digest)).toEqual(bytesOf("once"));
  await expect(reader.get(digestOf("never"))).rejects.toMatchObject({ code: "object-storage-unavailable" });
});

test.each([
  ["other bytes", bytesOf("other")],
  ["no bytes", new Uint8Array()],
])("a file of the cache with %s is read from the storage again", async (_, damaged) => {
  await using folder = await temporaryFolder();
  const cache = openCache(folder.path);
  const digest = await cache.put(bytesOf("intact"));
  await writeFile(join(folder.path, "cache", digest), damaged);
  expect(await cache.get(digest)).toEqual(bytesOf("intact"));
  cache.isAvailable = false;
  expect(await cache.get(digest)).toEqual(bytesOf("intact"));
});

test("the artifacts used least recently are removed, and never those of the storage", async () => {
  await using folder = await temporaryFolder();
  const cache = openCache(folder.path, { maxBytes: 10_000 });
  const digests: Digest[] = [];
  for (let index = 0; index < 10; index += 1) {
    const digest = await cache.put(new Uint8Array(1_000).fill(index));
    digests.push(digest);
    const used = new Date(1_000_000 + index * 1_000);
    await utimes(join(folder.path, "cache", digest), used, used);
  }
  const [oldest = digestOf(""), second = digestOf("")] = digests;
  await cache.get(oldest);
  await cache.put(new Uint8Array(1_000).fill(10));
  const names = await readdir(join(folder.path, "cache"));
  expect(names).toHaveLength(9);
  expect(names).toContain(oldest);
  expect(names).not.toContain(second);
  expect(await cache.get(second)).toEqual(new Uint8Array(1_000).fill(1));
});

test("several processes may fill one folder, which stays below its maximum", async () => {
  await using folder = await temporaryFolder();
  const caches = [1, 2, 3].map(() => openCache(folder.path, { maxBytes: 50_000 }));
  await Promise.all(
    caches.flatMap((cache) =>
      Array.from({ length: 40 }, async (_, index) => {
        const bytes = new Uint8Array(2_000).fill(index);
        expect(await cache.get(await cache.put(bytes))).toEqual(bytes);
      }),
    ),
  );
  const names = await readdir(join(folder.path, "cache"));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder.path, "cache", name))).size),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60_000);
  expect(names.filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("an artifact that is larger than the cache is read from the storage", async () => {
  await using folder = await temporaryFolder();
  const cache = openCache(folder.path, { maxBytes: 100 });
  const large = new Uint8Array(1_000);
  expect(await cache.get(await cache.put(large))).toEqual(large);
  expect(await readdir(join(folder.path, "cache"))).toEqual([]);
});

/** A cache in front of a folder that can be made unavailable. */
function openCache(root: string, { cache = "cache", maxBytes = 1_000_000 } = {}) {
  const storage = createFileSystemArtifactStore(join(root, "storage"));
  const control = { isAvailable: true };
  const guarded = {
    ...storage,
    get: async (digest: Digest) => {
      if (control.isAvailable) return await storage.get(digest);
      throw new DuraniumError("object-storage-unavailable", "unavailable");
    },
  };
  return Object.assign(control, cacheArtifacts(guarded, { directory: join(root, cache), maxBytes }));
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "duranium-cache-"));
}
