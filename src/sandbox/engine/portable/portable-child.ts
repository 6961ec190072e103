import { readFileSync, writeFileSync } from "node:fs";
import { readModule, writeModule } from "../../wasm/module.ts";
import { limitMemory } from "../passes/post-process.ts";
import { interceptWizer } from "../passes/wizer-call.ts";
import type { WizerCall } from "../passes/wizer-call.ts";

/**
 * The process that builds portable components. Wizer evaluates the top level of a workflow, so the module
 * that it receives may have no more memory than an engine. The parent limits its time, and its WASI has no
 * environment except componentize's own variables, and no folder except that of the source.
 */

interceptWizer(withLimitedMemory);
await import("../build-child.ts");

function withLimitedMemory(call: WizerCall): WizerCall {
  const path = call.arguments.at(-1) ?? "";
  writeFileSync(path, writeModule(limitMemory(readModule(readFileSync(path)))));
  return call;
}
