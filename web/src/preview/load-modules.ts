import wasmUrl from "esbuild-wasm/esbuild.wasm?url";
import type { Digest } from "#base/digest.ts";
import type { PreviewProgress } from "#preview/contract/preview.ts";
import { compilerBytes } from "./compiler-bytes.ts";
import type { Modules } from "./messages.ts";

/** Loaded and total bytes. */
export type OnLoading = (progress: Extract<PreviewProgress, { readonly phase: "preparing" }>) => void;

/**
 * Loads the engine and the compiler concurrently. The compiled modules are reused by later workers, so terminating a worker is cheap. Their URLs contain digests, so browsers cache them.
 *
 * @throws with a sentence if a module cannot be loaded
 */
export async function loadModules(onLoading: OnLoading): Promise<Modules> {
  // The progress of the engine is shown first.
  let isEngineLoaded = false;
  const [engine, compiler] = await Promise.all([
    loadEngine((loadedBytes, totalBytes) =>
      onLoading({ phase: "preparing", doing: "loading the engine", loadedBytes, totalBytes }),
    ).finally(() => (isEngineLoaded = true)),
    compileFrom(wasmUrl, "the compiler", (loadedBytes) => {
      if (isEngineLoaded)
        onLoading({
          phase: "preparing",
          doing: "loading the compiler",
          loadedBytes,
          totalBytes: compilerBytes,
        });
    }),
  ]);
  return { engine, compiler };
}

/** What `GET /engine` answers. */
interface NamedEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly bytes: number;
  readonly url: string;
}

async function loadEngine(
  onLoaded: (loadedBytes: number, totalBytes: number) => void,
): Promise<Modules["engine"]> {
  const response = await fetch("/engine");
  if (!response.ok)
    throw new Error(`Cannot find the engine: the server responded with HTTP ${response.status}`);
  const { digest, protocolVersion, bytes, url } = (await response.json()) as NamedEngine;
  const module = await compileFrom(url, "the engine", (loadedBytes) => onLoaded(loadedBytes, bytes));
  return { module, digest, protocolVersion };
}

async function compileFrom(
  url: string,
  what: string,
  onLoaded: (loadedBytes: number) => void,
): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok || response.body === null)
    throw new Error(`Cannot load ${what}: the server responded with HTTP ${response.status}`);
  const counted = response.body.pipeThrough(countingStream(onLoaded));
  const headers = { "content-type": "application/wasm" };
  return await WebAssembly.compileStreaming(new Response(counted, { headers }));
}

function countingStream(onLoaded: (loadedBytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let loadedBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      loadedBytes += chunk.length;
      onLoaded(loadedBytes);
      controller.enqueue(chunk);
    },
  });
}
