import type { Digest } from "../../domain/ids.ts";

/** Bytes by their SHA-256: images, engines, bundles, source maps. Nothing is ever changed, and only `sweep.ts` removes any. */
export interface ArtifactStore {
  /**
   * Stores the bytes. When it resolves they survive a loss of power. Storing them again is harmless, and
   * repairs what was stored if it is damaged.
   */
  put(bytes: Uint8Array): Promise<Digest>;
  /**
   * The bytes with this digest, and never any others. They are the caller's own.
   *
   * @throws {DuraniumError} `artifact-missing`; `artifact-corrupt` where what is stored has another digest
   */
  get(digest: Digest): Promise<Uint8Array>;
}
