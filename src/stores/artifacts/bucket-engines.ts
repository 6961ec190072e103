import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { openObjectStorage } from "../object-storage/object-storage.ts";
import type { ObjectStorage } from "../object-storage/object-storage.ts";
import type { ObjectStorageLocation } from "../object-storage/requests.ts";
import { engineMetadataName, fileDigestsIn } from "./engine-files.ts";
import type { EngineFiles } from "./engine-files.ts";

/** Engines as objects in a bucket: `engines/<digest>/<path>`. */
export function openBucketEngines(location: ObjectStorageLocation): EngineFiles {
  const storage = openObjectStorage(location);
  return {
    list: () => list(storage),
    has: async (digest) => (await storage.get(keyOf(digest, engineMetadataName))) !== undefined,
    read: async (digest) => await read(storage, digest),
    async write(digest, files) {
      for (const [path, bytes] of files) await storage.put(keyOf(digest, path), bytes);
    },
    [Symbol.asyncDispose]: async () => await storage[Symbol.asyncDispose](),
  };
}

async function* list(storage: ObjectStorage): AsyncGenerator<Digest> {
  for await (const { key } of storage.list("engines/")) {
    const [, digest, name] = key.split("/", 3);
    if (name === engineMetadataName && isDigest(digest)) yield digest;
  }
}

async function read(
  storage: ObjectStorage,
  digest: Digest,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const metadata = await storage.get(keyOf(digest, engineMetadataName));
  if (metadata === undefined) return undefined;
  const files = new Map<string, Uint8Array>();
  const place = `${storage.url}/${keyOf(digest, engineMetadataName)}`;
  for (const path of Object.keys(fileDigestsIn(metadata, place))) {
    const bytes = await storage.get(keyOf(digest, path));
    if (bytes !== undefined) files.set(path, bytes);
  }
  return files.set(engineMetadataName, metadata);
}

function keyOf(digest: Digest, path: string): string {
  return `engines/${digest}/${path}`;
}
