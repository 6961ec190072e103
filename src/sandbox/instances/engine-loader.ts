import { setFlagsFromString } from "node:v8";
import { createPromiseCache } from "../../base/concurrency/promise-cache.ts";
import type { Digest } from "../../base/digest.ts";
import { loadEngine } from "./instance.ts";
import type { LoadedEngine } from "./instance.ts";

/** The store of engines. */
export interface EngineSource {
  /** @throws {DuraniumError} `engine-unavailable` */
  get(digest: Digest): Promise<{ readonly core: Uint8Array }>;
}

/**
 * Compiles engines when they are first needed, and keeps the most recently used ones. An engine that could not be loaded
 * is retried on the next request. An engine that is no longer kept stays in memory until its instances are released.
 */
export interface EngineLoader {
  load(digest: Digest): Promise<LoadedEngine>;
}

/**
 * What a compiled engine takes per byte of its module: the module, and the machine code of those functions that were
 * called.
 */
const compiledBytesPerByte = 3;

/** @param maxBytes of the engines that are kept, estimated; the last one is kept in any case */
export function createEngineLoader(source: EngineSource, maxBytes: number): EngineLoader {
  const engines = createPromiseCache<Digest, Loaded>({
    maxWeight: maxBytes,
    weightOf: ({ bytes }) => bytes,
    minCount: 1,
  });
  return {
    async load(digest) {
      return (await engines.get(digest, async () => await load(source, digest))).engine;
    },
  };
}

interface Loaded {
  readonly engine: LoadedEngine;
  readonly bytes: number;
}

async function load(source: EngineSource, digest: Digest): Promise<Loaded> {
  const { core } = await source.get(digest);
  const engine = loadEngine(digest, await compileEngine(core));
  return { engine, bytes: core.length * compiledBytesPerByte + engine.memory.length };
}

/**
 * Compiles an engine's core module, whose digest has been verified.
 *
 * V8 compiles a function when it is first called, and here validates it only then: an engine is validated as a whole
 * when it is built or added, and most of its functions are never called.
 */
export async function compileEngine(core: Uint8Array): Promise<WebAssembly.Module> {
  setFlagsFromString("--wasm-lazy-validation");
  return await WebAssembly.compile(core);
}
