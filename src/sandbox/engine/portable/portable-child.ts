import { readFileSync, writeFileSync } from "node:fs";
import { readModule, writeModule } from "../../wasm/module.ts";
import { limitMemory } from "../passes/post-process.ts";
import { interceptWizer } from "../passes/wizer-call.ts";
import type { WizerCall } from "../passes/wizer-call.ts";

/**
 * The process that builds portable components. Wizer runs the top level of somebody's workflow: the module that it is given
 * may have no more memory than an engine has. Its time is limited by whoever starts this process, and its WASI has no
 * environment but componentize's own variables, and no folder but that of the source.
 */

interceptWizer(withLimitedMemory);
await import("../build-child.ts");

function withLimitedMemory(call: WizerCall): WizerCall {
  const path = call.arguments.at(-1) ?? "";
  writeFileSync(path, writeModule(limitMemory(readModule(readFileSync(path)))));
  return call;
}
