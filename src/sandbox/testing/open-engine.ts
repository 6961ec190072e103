import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputNames } from "../engine/build-job.ts";
import { runBuild } from "../engine/build-process.ts";
import { readEngineInputs } from "../engine/digest.ts";
import { loadEngine } from "../instance.ts";
import type { LoadedEngine } from "../instance.ts";

/**
 * The engine with a hole: its workflows find `outside.Function`, which evaluates in the global of the bindings, `outside.memory`
 * and `outside.host`, the functions of the host. It is built for each that asks, which takes seconds.
 */
export async function buildOpenEngine(): Promise<LoadedEngine> {
  const { guest: source, bindings, wit, digest } = await readEngineInputs();
  const folder = await mkdtemp(join(tmpdir(), "duranium-open-engine-"));
  try {
    const job = { kind: "engine", source, bindings: `${hole}\n${bindings}`, wit } as const;
    const output = await runBuild(folder, job);
    return loadEngine(digest, await WebAssembly.compile(await readFile(join(output, outputNames.core))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const hole = `
contentGlobal.outside = { Function, memory: $bindings[0] };
globalThis.defineBuiltinModule = ((define) => (name, module) => {
  contentGlobal.outside.host = module;
  define(name, module);
})(defineBuiltinModule);`;
