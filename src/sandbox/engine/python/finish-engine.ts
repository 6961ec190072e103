import { instantiateCore } from "../../instances/glue.ts";
import { readGlobals, readModule, writeModule } from "../../wasm/module.ts";
import { reportMissingFiles } from "../passes/missing-files.ts";
import { postProcess } from "../passes/post-process.ts";
import { playWorkflows } from "../passes/warm-up.ts";
import { startPython, withState } from "./start-python.ts";
import { pythonWorkflows } from "./warm-up-workflows.ts";

/**
 * Returns the core module from which instances are created: with Python started and warmed up, and metered and tracked
 * as the JavaScript engine is.
 *
 * @param linked the module as the linker wrote it
 */
export async function finishEngine(linked: Uint8Array): Promise<Uint8Array> {
  const started = await startPython(linked);
  const core = processed(await warmUp(started));
  // An invalid engine fails its build, and not its first execution.
  await WebAssembly.compile(new Uint8Array(core));
  return core;
}

/** The pass that is left out is for the JavaScript engine, which looks for files. */
function processed(module: Uint8Array): Uint8Array {
  return postProcess(module, [reportMissingFiles]);
}

/**
 * Runs executions, and makes the state afterwards the initial one. Python counts the calls of each function and replaces
 * its instructions by special ones; without the warm-up every execution would do so for the whole runtime, and write
 * many pages of memory. The executions need a core with its passes, and may let the memory grow: so the state is that of
 * a core, and becomes that of the module before the passes.
 */
async function warmUp(started: Uint8Array): Promise<Uint8Array> {
  const core = instantiateCore(await WebAssembly.compile(new Uint8Array(processed(started))));
  playWorkflows(core, pythonWorkflows);
  const module = readModule(started);
  const mutable = readGlobals(module).flatMap((global, index) => (global.mutable ? [index] : []));
  const globals = new Map(
    mutable.map((index, place) => [index, core.globals[place]?.value as number | bigint]),
  );
  return writeModule(withState(module, { memory: new Uint8Array(core.memory.buffer), globals }));
}
