import type { Digest } from "../../base/digest.ts";
import { maxCompiledEngineBytes } from "../../domain/engines/limits.ts";
import { createEngineLoader } from "../instances/engine-loader.ts";
import type { EngineSource } from "../instances/engine-loader.ts";
import type { Image } from "../instances/engine-state.ts";
import { createImageCache } from "../instances/image-cache.ts";
import { decodeImage } from "../instances/image.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { maxCachedImageBytes } from "./limits.ts";

/** Reads stored images. */
export interface ImageSource {
  /** @throws {DuraniumError} `artifact-missing`, `artifact-corrupt` */
  get(digest: Digest): Promise<Uint8Array>;
}

export interface StoredImage {
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  /** Version of the protocol between the image and its host. */
  readonly protocolVersion: number;
}

/** An image that guests can start from, with its engine. */
export interface ReadyImage {
  /** Names the image, and with it the version of a workflow, in this process. */
  readonly key: string;
  readonly engine: LoadedEngine;
  readonly image: Image;
}

/** Loads engines, and decodes images and keeps the latest. */
export interface StoredImages {
  /**
   * @param onLookedUp called once the cache was asked; `wasCached` is true if it had the decoded image
   * @throws {DuraniumError} `engine-unavailable`, `artifact-missing`, `artifact-corrupt`
   */
  load(stored: StoredImage, onLookedUp: (wasCached: boolean) => void): Promise<ReadyImage>;
}

export function createStoredImages(
  engineSource: EngineSource,
  artifacts: ImageSource,
  compiledEngineBytes = maxCompiledEngineBytes,
): StoredImages {
  const engines = createEngineLoader(engineSource, compiledEngineBytes);
  const images = createImageCache(maxCachedImageBytes);
  return {
    async load({ imageDigest, engineDigest }, onLookedUp) {
      const engine = await engines.load(engineDigest);
      let wasCached = true;
      const key = `${imageDigest} ${engineDigest}`;
      const looking = images.get(key, async () => {
        wasCached = false;
        return decodeImage(await artifacts.get(imageDigest), engine);
      });
      onLookedUp(wasCached);
      return { key, engine, image: await looking };
    },
  };
}
