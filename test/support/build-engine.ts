import { testEngineStore } from "./engine.ts";

/** Builds the engine once, before any test file asks for it; afterwards it is in the cache. */
export async function setup(): Promise<void> {
  await testEngineStore().current();
}
