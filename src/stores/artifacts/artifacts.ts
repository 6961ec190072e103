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
   * @throws {DuraniumError} `artifact-missing`; `artifact-corrupt` if the stored bytes have another digest
   */
  get(digest: Digest): Promise<Uint8Array>;
}
