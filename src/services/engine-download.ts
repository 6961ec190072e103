import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { EngineEncoding, EngineService } from "../api/contract/services.ts";
import type { Digest } from "../base/digest.ts";

/** The engine of new deploys. */
interface CurrentEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  /** The core module. */
  readonly core: Uint8Array<ArrayBuffer>;
}

/**
 * Serves the current engine to clients that run it, such as previews. Its module is compressed off the main thread at the
 * first request and cached, so that a process without such clients spends neither time nor memory on it.
 */
export function createEngineService(engines: { current(): Promise<CurrentEngine> }): EngineService {
  const compressed = new Map<EngineEncoding, Promise<Uint8Array<ArrayBuffer>>>();

  function compress(encoding: EngineEncoding, core: Uint8Array<ArrayBuffer>) {
    const known = compressed.get(encoding);
    if (known !== undefined) return known;
    const made = compressors[encoding](core);
    compressed.set(encoding, made);
    made.catch(() => compressed.delete(encoding));
    return made;
  }

  return {
    async current() {
      const { digest, protocolVersion, core } = await engines.current();
      return { digest, protocolVersion, bytes: core.length };
    },
    async module(encoding) {
      const { core } = await engines.current();
      return encoding === undefined ? core : await compress(encoding, core);
    },
  };
}

/** A higher quality makes the first request wait much longer for a slightly smaller module. */
const brotliQuality = 6;

const compressors = {
  br: async (core: Uint8Array<ArrayBuffer>) =>
    await promisify(brotliCompress)(core, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: core.length,
      },
    }),
  gzip: async (core: Uint8Array<ArrayBuffer>) => await promisify(gzip)(core, { level: 6 }),
};
