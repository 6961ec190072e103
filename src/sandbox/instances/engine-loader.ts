import { setFlagsFromString } from "node:v8";
import type { Digest } from "../../base/digest.ts";
import { loadEngine } from "./instance.ts";
import type { LoadedEngine } from "./instance.ts";

/** The store of built engines. */
export interface EngineSource {
  /** @throws {DuraniumError} `engine-unavailable` */
  get(digest: Digest): Promise<{ readonly core: Uint8Array }>;
}

/**
 * Compiles each engine once and caches it. An engine that could not be loaded is retried on the next request.
 */
export interface EngineLoader {
  load(digest: Digest): Promise<LoadedEngine>;
}

export function createEngineLoader(source: EngineSource): EngineLoader {
  const engines = new Map<Digest, Promise<LoadedEngine>>();
  return {
    load(digest) {
      const known = engines.get(digest);
      if (known !== undefined) return known;
      const engine = compile(source, digest);
      engines.set(digest, engine);
      engine.catch(() => engines.delete(digest));
      return engine;
    },
  };
}

async function compile(source: EngineSource, digest: Digest): Promise<LoadedEngine> {
  const { core } = await source.get(digest);
  return loadEngine(digest, await compileEngine(core));
}

/**
 * Compiles an engine's core module, whose digest has been verified.
 *
 * V8 compiles a function when it is first called, and here validates it only then: an engine is validated as a whole
 * when it is built, and most of its functions are never called.
 */
export async function compileEngine(core: Uint8Array): Promise<WebAssembly.Module> {
  setFlagsFromString("--wasm-lazy-validation");
  return await WebAssembly.compile(core);
}
