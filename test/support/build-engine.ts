import { testEngineStore } from "./engine.ts";

/** Builds the engine before the first test file needs it. Afterwards it is cached. */
export async function setup(): Promise<void> {
  await testEngineStore().current();
}
