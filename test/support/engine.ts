import { fileURLToPath } from "node:url";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import type { EngineStore } from "../../src/sandbox/engine/engine-store.ts";
import { compileEngine } from "../../src/sandbox/instances/engine-loader.ts";

/** The folder in which the tests cache engines between runs. */
export const testEnginesDirectory = fileURLToPath(
  new URL("../../node_modules/.cache/duranium-test/engines", import.meta.url),
);

/** Real engines, shared by all test files and test processes. The first one that needs an engine builds it. */
export function testEngineStore(): EngineStore {
  return store;
}

const store = createEngineStore({ directory: testEnginesDirectory });

/**
 * The engine, compiled once for all test files of a process. V8 compiles its functions when they run, which takes longer
 * than most tests, and keeps them with the module, also for those who compile the same bytes again.
 */
export async function compiledTestEngine(): Promise<WebAssembly.Module> {
  return await (compiled ??= store.current().then(async ({ core }) => await compileEngine(core)));
}

let compiled: Promise<WebAssembly.Module> | undefined;
