import type { Digest } from "../../base/digest.ts";

/**
 * Content-addressed storage by SHA-256: images, engines, bundles, source maps. Artifacts are immutable, and only
 * `sweep.ts` removes them.
 */
export interface ArtifactStore {
  /**
   * Stores the bytes. When this resolves, they survive a power failure. Storing them again is harmless, and repairs a
   * damaged artifact.
   */
  put(bytes: Uint8Array): Promise<Digest>;
  /**
   * Reads the bytes and verifies their digest. The caller owns the returned array.
   *
   * @throws {DuraniumError} `artifact-missing`; `artifact-corrupt` if the stored bytes have another digest;
   *   `object-storage-unavailable`, `object-storage-refused`
   */
  get(digest: Digest): Promise<Uint8Array>;
}

/** What holds all artifacts of an installation: a folder, or a bucket. */
export interface ArtifactStorage extends ArtifactStore {
  /** The path of the folder or the URL of the bucket, for messages. */
  readonly place: string;
  /** The digests of all artifacts, in no particular order; those that are stored meanwhile may be missing. */
  list(): AsyncIterable<Digest>;
  /**
   * Removes artifacts that nothing refers to, and what crashes left. Artifacts that are stored meanwhile are retained, also if
   * other processes store or sweep.
   *
   * @returns the number of removed artifacts
   */
  sweep(options: SweepOptions): Promise<number>;
}

export interface SweepOptions {
  /** The artifacts that were referred to when the sweep started. */
  readonly named: ReadonlySet<Digest>;
  /** True if something refers to the artifact now. */
  readonly isNamed: (digest: Digest) => boolean | Promise<boolean>;
  /**
   * Milliseconds since the Unix epoch, days ago. Artifacts that were stored later are retained, because what refers to them may
   * not be recorded yet.
   */
  readonly before: number;
}
