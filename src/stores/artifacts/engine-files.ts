import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";

/**
 * Engines that were built, as files. They are never removed, because a version needs the one that it was deployed with. The
 * metadata has the digests of all other files, and is written last: an engine without it is incomplete, and counts as missing.
 */
export interface EngineFiles extends AsyncDisposable {
  list(): AsyncIterable<Digest>;
  has(digest: Digest): Promise<boolean>;
  /** The files by their path; undefined if there is no such engine. Who uses them verifies their digests. */
  read(digest: Digest): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  /** Writes the files in their order, the metadata last. */
  write(digest: Digest, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export const engineMetadataName = "metadata.json";

/** The digests of the files of an engine, whose paths do not lead out of its folder. */
export function fileDigestsIn(metadata: Uint8Array, place: string): Readonly<Record<string, Digest>> {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(metadata)) as {
      readonly files: Readonly<Record<string, Digest>>;
    };
    if (Object.keys(files).every((path) => /^\w[\w.-]*(?:\/\w[\w.-]*)*$/.test(path))) return files;
  } catch (cause) {
    throw new DuraniumError("artifact-corrupt", `Cannot read ${place}: ${messageOf(cause)}`, { cause });
  }
  throw new DuraniumError("artifact-corrupt", `Cannot read ${place}: it names a path outside of the engine`);
}
