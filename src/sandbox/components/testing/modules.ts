import { readFile } from "node:fs/promises";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco";
import type { Turn } from "../../../host/guest.ts";
import { protocolVersion } from "../../engine/protocol-version.ts";
import { digestOf } from "../../../base/sha256.ts";
import { createInstance, loadEngine } from "../../instances/instance.ts";
import type { Instance } from "../../instances/instance.ts";
import { decodeImage, encodeImage } from "../../instances/image.ts";
import { bytesOf, testContext, textOf } from "../../testing/images.ts";
import { engineCoreOf } from "../engine-core.ts";

/** Modules for tests, written as text, so that the tests need no toolchain. */

const hostImports = `
  (import "duranium:runtime/host@0.1.0" "call" (func $call (param i32 i32 i32 i32 i32 i32 i32)))
  (import "duranium:runtime/host@0.1.0" "complete" (func $complete (param i32 i32)))
  (import "duranium:runtime/host@0.1.0" "fail" (func $fail (param i32 i32)))
  (import "duranium:runtime/host@0.1.0" "log" (func $log (param i32 i32 i32)))`;

const allocator = `
  (global $heap (mut i32) (i32.const 32768))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get 3)) (i32.const 15)) (i32.const -16)))
    (local.get $at))`;

const runType = "(param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 f64 i32 i32 i32 i32)";

export interface ModuleText {
  /** Further imports, in front of everything else. */
  readonly imports?: string;
  /** Instructions of `run`; the seed is at the address in local 8. */
  readonly run?: string;
  /** Instructions of `settle`; local 0 is the id. Not entered at the end of a turn. */
  readonly settle?: string;
  readonly cancel?: string;
  readonly memory?: string;
  /** Further fields: functions, globals, data, tables. */
  readonly fields?: string;
}

/** Returns a core module of the world `workflow`. By default its execution completes with `"done"` at once. */
export async function moduleOf(text: ModuleText = {}): Promise<Uint8Array> {
  return parse(textOfModule(text));
}

function textOfModule({
  imports = "",
  run = completeDone,
  settle = "",
  cancel = "",
  memory = '(memory (export "memory") 1)',
  fields = "",
}: ModuleText): string {
  return `(module ${imports} ${hostImports} ${memory} ${allocator}
    (data (i32.const 16) "\\"done\\"")
    (func (export "run") ${runType} ${run})
    (func (export "settle") (param i32 f64 i32 i32 i32 i32)
      (if (i32.eq (local.get 0) (i32.const -1)) (then return)) ${settle})
    (func (export "cancel") (param f64) ${cancel})
    ${fields})`;
}

const completeDone = "(call $complete (i32.const 16) (i32.const 6))";

/** Wraps a core module of the world into a component, as toolchains do. */
export async function componentOf(core: Uint8Array): Promise<Uint8Array> {
  const witSource = await readFile(new URL("../../../../wit/runtime.wit", import.meta.url), "utf8");
  const embedded = await componentEmbed({ binary: core, witSource, world: "workflow" });
  return componentNew(embedded);
}

/** An instance of a deployed module after its image was taken, stored and restored. */
export async function deployedInstance(bytes: Uint8Array): Promise<Instance> {
  const core = new Uint8Array(engineCoreOf(bytes));
  const engine = loadEngine(digestOf(core), await WebAssembly.compile(core));
  const evaluated = createInstance(engine);
  const failure = evaluated.enter((entered) => entered.evaluate(new Uint8Array()));
  if (failure !== undefined) throw new Error(textOf(failure));
  const image = await decodeImage(encodeImage(engine, evaluated.state(), protocolVersion).bytes, engine);
  const instance = createInstance(engine);
  instance.reset(image);
  return instance;
}

/** The first turn of an execution with this payload. */
export function runTurn(instance: Instance, payload: unknown = null): Turn {
  return instance.enter((core) => core.run(testContext, bytesOf(payload)));
}
