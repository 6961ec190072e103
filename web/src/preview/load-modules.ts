import wasmUrl from "esbuild-wasm/esbuild.wasm?url";
import type { Digest } from "#base/digest.ts";
import { type EngineLanguage, languageNames } from "#domain/engines/language.ts";
import type { PreviewProgress } from "#preview/contract/preview.ts";
import { compilerBytes } from "./compiler-bytes.ts";
import type { Modules } from "./messages.ts";

/** Loaded and total bytes. */
export type OnLoading = (progress: Extract<PreviewProgress, { readonly phase: "preparing" }>) => void;

/** Loads the modules of each language once. A failed load is repeated with the next run. */
export function createModuleLoader(onLoading: OnLoading): (language: EngineLanguage) => Promise<Modules> {
  const modules = new Map<EngineLanguage, Promise<Modules>>();
  return async (language) => {
    const loading = modules.get(language) ?? loadModules(language, onLoading);
    modules.set(language, loading);
    loading.catch(() => modules.delete(language));
    return await loading;
  };
}

/**
 * Loads the engine of a language, and concurrently the compiler that JavaScript needs. The compiled modules are kept for later workers, also those of other workflows, so terminating a worker is cheap. Their URLs contain digests, so browsers cache them.
 *
 * @throws with a sentence if a module cannot be loaded
 */
async function loadModules(language: EngineLanguage, onLoading: OnLoading): Promise<Modules> {
  // The progress of the engine is shown first.
  let isEngineLoaded = false;
  const [engine, compiler] = await Promise.all([
    loadEngine(language, (loadedBytes, totalBytes) =>
      onLoading({ phase: "preparing", doing: "loading the engine", loadedBytes, totalBytes }),
    ).finally(() => (isEngineLoaded = true)),
    language === "python"
      ? undefined
      : compileOnce(wasmUrl, "the compiler", (loadedBytes) => {
          if (isEngineLoaded)
            onLoading({
              phase: "preparing",
              doing: "loading the compiler",
              loadedBytes,
              totalBytes: compilerBytes,
            });
        }),
  ]);
  return { language, engine, ...(compiler === undefined ? {} : { compiler }) };
}

/** What `GET /engine` answers. */
interface NamedEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly bytes: number;
  readonly url: string;
}

async function loadEngine(
  language: EngineLanguage,
  onLoaded: (loadedBytes: number, totalBytes: number) => void,
): Promise<Modules["engine"]> {
  const response = await fetch(language === "javascript" ? "/engine" : `/engine?language=${language}`);
  if (!response.ok)
    throw new Error(`Cannot load the ${languageNames[language]} engine: ${await detailOf(response)}`);
  const { digest, protocolVersion, bytes, url } = (await response.json()) as NamedEngine;
  const module = await compileOnce(url, "the engine", (loadedBytes) => onLoaded(loadedBytes, bytes));
  return { module, digest, protocolVersion };
}

/** The sentence of a problem document. */
async function detailOf(response: Response): Promise<string> {
  const { detail = `the server responded with HTTP ${response.status}` } = (await response
    .json()
    .catch(() => ({}))) as {
    readonly detail?: string;
  };
  return detail;
}

/** By URL. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function compileOnce(
  ...[url, what, onLoaded]: Parameters<typeof compileFrom>
): Promise<WebAssembly.Module> {
  const module = compiled.get(url) ?? compileFrom(url, what, onLoaded);
  compiled.set(url, module);
  module.catch(() => compiled.delete(url));
  return await module;
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
