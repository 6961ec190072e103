import type { ObjectStorageLocation } from "../object-storage/requests.ts";
import type { ArtifactStorage } from "./artifacts.ts";
import type { ArtifactCacheOptions } from "./cache.ts";
import { createFileSystemArtifactStore } from "./file-system.ts";

/** Where the artifacts of an installation are: in a folder, or in a bucket with a cache on the local disk. */
export type ArtifactsLocation =
  | { readonly folder: string }
  | { readonly bucket: ObjectStorageLocation; readonly cache: ArtifactCacheOptions };

/** @throws {DuraniumError} `internal`, with the folder, if it cannot be created */
export async function openArtifacts(location: ArtifactsLocation): Promise<ArtifactStorage & AsyncDisposable> {
  if ("folder" in location)
    return { ...createFileSystemArtifactStore(location.folder), async [Symbol.asyncDispose]() {} };
  // Loaded only where a bucket is configured: its client would take memory in each thread that reads artifacts.
  const [{ openObjectStorage }, { createBucketArtifactStore }, { cacheArtifacts }] = await Promise.all([
    import("../object-storage/object-storage.ts"),
    import("./bucket.ts"),
    import("./cache.ts"),
  ]);
  const storage = openObjectStorage(location.bucket);
  return {
    ...cacheArtifacts(createBucketArtifactStore(storage), location.cache),
    [Symbol.asyncDispose]: async () => await storage[Symbol.asyncDispose](),
  };
}
