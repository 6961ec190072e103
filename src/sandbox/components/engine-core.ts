import { messageOf } from "../../domain/errors.ts";
import { postProcessUntrusted } from "../engine/passes/post-process.ts";
import { WasmFormatError } from "../wasm/binary.ts";
import { readModule, writeModule } from "../wasm/module.ts";
import { findCoreModule } from "./core-module.ts";
import { toEngineModule } from "./engine-module.ts";
import { inspectModule } from "./inspect-module.ts";
import { checkInterface } from "./interface-check.ts";
import { Refusal, refuse } from "./refusal.ts";
import { limitStack } from "./stack-limit.ts";

/**
 * Makes the core of an engine from what an author deploys. It takes processor time and memory in proportion to a hostile
 * input, so it runs in a process with limits (`component-process.ts`).
 *
 * @throws {Refusal} for a module that cannot be run
 */
export function engineCoreOf(bytes: Uint8Array): Uint8Array {
  try {
    const core = findCoreModule(bytes);
    const module = readModule(core);
    const connections = checkInterface(module);
    inspectModule(module);
    validate(core, "The module is invalid");
    const engineModule = toEngineModule(module, connections);
    const finished = postProcessUntrusted(writeModule(limitStack(engineModule)));
    validate(finished, "The module cannot be metered");
    return finished;
  } catch (error) {
    if (error instanceof WasmFormatError) refuse(`Cannot read the module: ${error.message}`, readHint);
    throw error;
  }
}

const readHint =
  "Build for WebAssembly 1.0 with bulk memory, sign extension and saturating conversions. Damaged files end like this as well";

/** V8 checks the types of every instruction. */
function validate(core: Uint8Array, problem: string): void {
  const bytes = new Uint8Array(core);
  if (!WebAssembly.validate(bytes)) throw new Refusal([{ message: `${problem}: ${faultOf(bytes)}` }]);
}

/** Compiling says what is wrong, and validating does not. */
function faultOf(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    const compiled = new WebAssembly.Module(bytes);
    return `its ${WebAssembly.Module.exports(compiled).length} exports compile, and its functions do not`;
  } catch (error) {
    return messageOf(error).replace("WebAssembly.Module(): ", "");
  }
}
