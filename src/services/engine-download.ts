import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { EngineEncoding, EngineService } from "../api/contract/services.ts";
import type { Digest } from "../domain/ids.ts";

/** The engine that deploys are made with now. */
interface CurrentEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  /** The core module. */
  readonly core: Uint8Array<ArrayBuffer>;
}

/**
 * Hands the current engine to whoever runs it elsewhere. Its module is compressed at the first request, off the main
 * thread, and kept: that takes half a second, and a process whose page nobody opens saves it and 8 MiB.
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

/** 14 MiB: in 0.4 s to 3.7 MB. The best quality gains another seventh, and takes half a minute. */
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
