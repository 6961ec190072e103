import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { openObjectStorage } from "../object-storage/object-storage.ts";
import type { ObjectStorage } from "../object-storage/object-storage.ts";
import type { ObjectStorageLocation } from "../object-storage/requests.ts";

/**
 * Engines that were built, as objects in a bucket: `engines/<digest>/<path>`. They are never removed, because a version needs the
 * one that it was deployed with. The metadata has the digests of all other files, and is written last: an engine without it is
 * incomplete, and counts as missing.
 */
export interface BucketEngines extends AsyncDisposable {
  has(digest: Digest): Promise<boolean>;
  /** The files by their path; undefined if there is no such engine. Who uses them verifies their digests. */
  read(digest: Digest): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  /** Writes the files in their order, the metadata last. */
  write(digest: Digest, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

const metadataName = "metadata.json";

export function openBucketEngines(location: ObjectStorageLocation): BucketEngines {
  const storage = openObjectStorage(location);
  return {
    has: async (digest) => (await storage.get(keyOf(digest, metadataName))) !== undefined,
    read: async (digest) => await read(storage, digest),
    async write(digest, files) {
      for (const [path, bytes] of files) await storage.put(keyOf(digest, path), bytes);
    },
    [Symbol.asyncDispose]: async () => await storage[Symbol.asyncDispose](),
  };
}

async function read(
  storage: ObjectStorage,
  digest: Digest,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const metadata = await storage.get(keyOf(digest, metadataName));
  if (metadata === undefined) return undefined;
  const files = new Map<string, Uint8Array>();
  for (const path of pathsIn(metadata, `${storage.url}/${keyOf(digest, metadataName)}`)) {
    const bytes = await storage.get(keyOf(digest, path));
    if (bytes !== undefined) files.set(path, bytes);
  }
  return files.set(metadataName, metadata);
}

/** Only paths inside of the engine's folder. */
function pathsIn(metadata: Uint8Array, place: string): readonly string[] {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(metadata)) as { readonly files: object };
    const paths = Object.keys(files);
    if (paths.every((path) => /^\w[\w.-]*(?:\/\w[\w.-]*)*$/.test(path))) return paths;
  } catch (cause) {
    throw new DuraniumError("artifact-corrupt", `Cannot read ${place}: ${messageOf(cause)}`, { cause });
  }
  throw new DuraniumError("artifact-corrupt", `Cannot read ${place}: it names a path outside of the engine`);
}

function keyOf(digest: Digest, path: string): string {
  return `engines/${digest}/${path}`;
}
