import { fileURLToPath } from "node:url";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import type { EngineStore } from "../../src/sandbox/engine/engine-store.ts";

/** The folder in which the tests cache engines between runs. */
export const testEnginesDirectory = fileURLToPath(
  new URL("../../node_modules/.cache/duranium-test/engines", import.meta.url),
);

/** Real engines, shared by all test files and test processes. The first one that needs an engine builds it. */
export function testEngineStore(): EngineStore {
  return createEngineStore({ directory: testEnginesDirectory });
}
