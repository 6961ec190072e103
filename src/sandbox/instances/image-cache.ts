import type { Image } from "./engine-state.ts";

/**
 * A least-recently-used cache of decoded images, bounded by bytes. Concurrent requests for an image share one
 * decoding; a failed decoding is retried on the next request.
 */
export interface ImageCache {
  get(key: string, decode: () => Promise<Image>): Promise<Image>;
}

export function createImageCache(maxBytes: number): ImageCache {
  // A map iterates in insertion order, so the first entry is the least recently used one.
  const entries: Entries = new Map();
  return {
    get(key, decode) {
      const entry = entries.get(key) ?? add(entries, decode(), { key, maxBytes });
      entries.delete(key);
      entries.set(key, entry);
      return entry.image;
    },
  };
}

type Entries = Map<string, Entry>;

interface Entry {
  readonly image: Promise<Image>;
  /** 0 until the image is decoded. */
  bytes: number;
}

function add(entries: Entries, image: Promise<Image>, options: { key: string; maxBytes: number }): Entry {
  const entry = { image, bytes: 0 };
  image.then(
    ({ pages }) => {
      entry.bytes = pages.length;
      evict(entries, options.maxBytes);
    },
    () => entries.delete(options.key),
  );
  return entry;
}

function evict(entries: Entries, maxBytes: number): void {
  let cachedBytes = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [key, { bytes }] of entries) {
    if (cachedBytes <= maxBytes) return;
    cachedBytes -= bytes;
    entries.delete(key);
  }
}
