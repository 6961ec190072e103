import { fileURLToPath } from "node:url";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import type { EngineStore } from "../../src/sandbox/engine/engine-store.ts";

/** Where the tests keep engines between runs: a build takes seconds. */
export const testEnginesDirectory = fileURLToPath(
  new URL("../../node_modules/.cache/duranium-test/engines", import.meta.url),
);

/** Real engines, shared by all test files and test processes. The first that asks builds. */
export function testEngineStore(): EngineStore {
  return createEngineStore({ directory: testEnginesDirectory });
}
