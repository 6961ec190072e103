import { describe, expect, test } from "vitest";
import type { Image } from "./engine-state.ts";
import { createImageCache } from "./image-cache.ts";

function imageOfBytes(length: number): Image {
  return {
    id: 1,
    protocolVersion: 1,
    memoryBytes: 0,
    globals: [],
    pageOffsets: new Uint32Array(new SharedArrayBuffer(0)),
    pages: new Uint8Array(new SharedArrayBuffer(length)),
  };
}

/** A cache, and the number of decodings of each key. */
function countingCache(maxBytes: number) {
  const cache = createImageCache(maxBytes);
  const decoded: string[] = [];
  const get = (key: string, bytes = 10) =>
    cache.get(key, async () => {
      decoded.push(key);
      return imageOfBytes(bytes);
    });
  return { get, decoded };
}

describe("an image cache", () => {
  test("concurrent requests share one decoding of an image", async () => {
    const { get, decoded } = countingCache(100);
    const [first, second] = await Promise.all([get("a"), get("a")]);
    expect(first).toBe(second);
    expect(decoded).toEqual(["a"]);
  });

  test("the least recently used image is evicted", async () => {
    const { get, decoded } = countingCache(20);
    await get("a");
    await get("b");
    await get("a");
    await get("c");
    await get("a");
    await get("b");
    expect(decoded).toEqual(["a", "b", "c", "b"]);
  });

  test("an image larger than the cache is returned and not cached", async () => {
    const { get, decoded } = countingCache(20);
    expect((await get("a", 30)).pages).toHaveLength(30);
    await get("a", 30);
    expect(decoded).toEqual(["a", "a"]);
  });

  test("a failed decoding is retried", async () => {
    const cache = createImageCache(20);
    await expect(cache.get("a", () => Promise.reject(new Error("corrupt")))).rejects.toThrow("corrupt");
    await expect(cache.get("a", () => Promise.resolve(imageOfBytes(1)))).resolves.toBeDefined();
  });
});
