import { readFileSync, writeFileSync } from "node:fs";
import { limitMemory } from "./post-process.ts";
import { readModule, writeModule } from "./wasm-module.ts";
import { interceptWizer } from "./wizer-call.ts";
import type { WizerCall } from "./wizer-call.ts";

/**
 * The process that builds portable components. Wizer runs the top level of somebody's workflow: the module that it is given
 * may have no more memory than an engine has. Its time is limited by whoever starts this process, and its WASI has no
 * environment but componentize's own variables, and no folder but that of the source.
 */

interceptWizer(withLimitedMemory);
await import("./build-child.ts");

function withLimitedMemory(call: WizerCall): WizerCall {
  const path = call.arguments.at(-1) ?? "";
  writeFileSync(path, writeModule(limitMemory(readModule(readFileSync(path)))));
  return call;
}
