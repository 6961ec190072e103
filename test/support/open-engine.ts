import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "../../src/base/sha256.ts";
import { runBuild } from "../../src/sandbox/engine/build-process.ts";
import { readEngineInputs } from "../../src/sandbox/engine/engine-inputs.ts";
import { sealEngine } from "../../src/sandbox/engine/engine.ts";

/**
 * A folder of engines whose current one has a deliberate hole: its workflows find `outside.Function`, which
 * evaluates in the global of the bindings, `outside.memory` and `outside.host`, the functions of the host. The
 * first caller builds it.
 */
export async function openEnginesDirectory(): Promise<string> {
  const { guest: source, bindings, wit, digest } = await readEngineInputs();
  const directory = join(openEngines, digestOf(hole).slice(0, 16));
  if (await isThere(join(directory, digest))) return directory;
  await mkdir(directory, { recursive: true });
  const folder = await mkdtemp(join(openEngines, "build-"));
  try {
    const job = { kind: "engine", source, bindings: `${hole}\n${bindings}`, wit } as const;
    const output = await runBuild(folder, job);
    await sealEngine(output, digest);
    await rename(output, join(directory, digest));
  } catch (error) {
    // Another test file has built the engine at the same time.
    if (!(await isThere(join(directory, digest)))) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return directory;
}

const openEngines = fileURLToPath(
  new URL("../../node_modules/.cache/duranium-test/open-engines", import.meta.url),
);

const hole = `
contentGlobal.outside = { Function, memory: $bindings[0] };
globalThis.defineBuiltinModule = ((define) => (name, module) => {
  contentGlobal.outside.host = module;
  define(name, module);
})(defineBuiltinModule);`;

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
