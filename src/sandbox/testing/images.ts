import { compiledTestEngine, testEngineStore } from "../../../test/support/engine.ts";
import type { GuestContext, Settlement } from "../../host/guest.ts";
import { createNativeBundler } from "../compile/bundler/native-bundler.ts";
import { protocolVersion } from "../engine/protocol-version.ts";
import { compileEngine } from "../instances/engine-loader.ts";
import type { Image } from "../instances/engine-state.ts";
import { decodeImage, encodeImage } from "../instances/image.ts";
import { createInstance, loadEngine } from "../instances/instance.ts";
import type { LoadedEngine } from "../instances/instance.ts";

/** Loads the real engine, or another one for tests, into this thread. */
export async function loadTestEngine(store = testEngineStore()): Promise<LoadedEngine> {
  const { digest, core } = await store.current();
  const isReal = store === testEngineStore();
  return loadEngine(digest, isReal ? await compiledTestEngine() : await compileEngine(core));
}

/** Bundles, evaluates and encodes a workflow of one file, in this thread. */
export async function encodedImageOf(engine: LoadedEngine, source: string): Promise<Uint8Array> {
  await using bundler = createNativeBundler();
  const { code } = await bundler.bundle({ entry: "workflow.ts", files: { "workflow.ts": source } });
  const instance = createInstance(engine);
  const failure = instance.enter((core) => core.evaluate(code));
  if (failure !== undefined) throw new Error(textOf(failure));
  return encodeImage(engine, instance.state(), protocolVersion).bytes;
}

export async function imageOf(engine: LoadedEngine, source: string): Promise<Image> {
  return decodeImage(await encodedImageOf(engine, source), engine);
}

export const testContext: GuestContext = {
  workflowId: "orders",
  version: 3,
  executionId: "inv_1a2b3c4d5e6f7g8h",
  entryPoint: "order-created",
  seed: new Uint8Array(32).fill(7),
  now: 1_700_000_000_000,
  callbackUrl: "https://duranium.example/callbacks/",
};

/** A settlement of the call `id` with a JSON value. */
export function answer(id: number, value: unknown = null): Settlement {
  const outcome = bytesOf({ ok: true, value });
  return { id, now: testContext.now + 1_000 * (id + 1), outcome, body: new Uint8Array() };
}

export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
