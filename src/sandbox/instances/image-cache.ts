import { createPromiseCache } from "../../base/concurrency/promise-cache.ts";
import type { PromiseCache } from "../../base/concurrency/promise-cache.ts";
import type { Image } from "./engine-state.ts";

/** Decoded images, bounded by the bytes of their pages. */
export type ImageCache = PromiseCache<string, Image>;

export function createImageCache(maxBytes: number): ImageCache {
  return createPromiseCache({ maxWeight: maxBytes, weightOf: ({ pages }) => pages.length });
}
