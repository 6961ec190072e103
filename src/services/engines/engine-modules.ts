import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { EngineEncoding } from "../../api/contract/engine.ts";
import { createPromiseCache } from "../../base/concurrency/promise-cache.ts";
import type { Digest } from "../../base/digest.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Compressed modules that are kept: one of each language and encoding, and some of older engines. */
const maxCachedModules = 6;

/**
 * Modules of engines for clients that run them, such as previews. A module is compressed off the main thread at the first
 * request and cached, so that a process without such clients spends neither time nor memory on it.
 */
export function createEngineModules(
  get: (digest: Digest) => Promise<{ readonly core: Bytes }>,
): (digest: Digest, encoding: EngineEncoding | undefined) => Promise<Bytes> {
  const compressed = createPromiseCache<string, Bytes>({ maxWeight: maxCachedModules, weightOf: () => 1 });

  async function compress(digest: Digest, encoding: EngineEncoding): Promise<Bytes> {
    const { core } = await get(digest);
    return await compressors[encoding](core);
  }

  return async (digest, encoding) => {
    if (encoding === undefined) return (await get(digest)).core;
    return await compressed.get(`${digest} ${encoding}`, async () => await compress(digest, encoding));
  };
}

/** A higher quality makes the first request wait much longer for a slightly smaller module. */
const brotliQuality = 6;

const compressors = {
  br: async (core: Bytes) =>
    await promisify(brotliCompress)(core, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: core.length,
      },
    }),
  gzip: async (core: Bytes) => await promisify(gzip)(core, { level: 6 }),
};
