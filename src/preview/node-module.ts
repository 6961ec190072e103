import { prepareModule } from "../sandbox/compile/wasm-compiler.ts";
import type { PreviewBundle, PreviewEngine, PreviewSource } from "./contract/preview.ts";

/** A WebAssembly module is an engine of its own, so each source has another one. */
export interface OpenedModule {
  readonly engine: PreviewEngine;
  readonly bundle: PreviewBundle;
}

/** @throws {DuraniumError} with diagnostics, as a deploy */
export async function openModule(source: PreviewSource): Promise<OpenedModule> {
  const { prepared } = await prepareModule(source);
  const { digest, protocolVersion, core } = prepared.engine;
  const module = await WebAssembly.compile(Uint8Array.from(core));
  return { engine: { module, digest, protocolVersion }, bundle: prepared };
}
