import { parse } from "@bytecodealliance/jco";
import { packEngine } from "../../src/sandbox/engine/added/engine-file.ts";
import type { EngineContent, EngineFile } from "../../src/sandbox/engine/added/engine-file.ts";
import { postProcess } from "../../src/sandbox/engine/passes/post-process.ts";

/**
 * The smallest engine of another language than JavaScript. Its workflows, of the language "python", sleep a second and
 * return their payload. If the text of `flow.py` begins with `!`, its evaluation fails on line 3, and if it begins with
 * `?`, it has no `run`.
 */
export async function tinyEngine(options: Partial<EngineContent> = {}): Promise<EngineFile> {
  return await packEngine({
    language: "python",
    languageVersion: "3.0.1",
    core: await tinyCore(),
    toolchain: { wat: "1" },
    modules: ["json", "asyncio"],
    ...options,
  });
}

/** @param edit changes the text of the module before it is finished */
export async function tinyCore(edit: (wat: string) => string = (wat) => wat): Promise<Uint8Array> {
  return postProcess(await parse(edit(moduleText)));
}

const failure = String.raw`{\"name\":\"NameError\",\"message\":\"name 'x' is not defined\",\"stack\":\"at <module> (flow.py:3:5)\"}`;
const missing = String.raw`{\"name\":\"MissingRun\",\"message\":\"The workflow has no function run\",\"stack\":\"\"}`;
const sleep = String.raw`{\"durationMs\":1000}`;

function lengthOf(text: string): number {
  return text.replaceAll("\\", "").length;
}

/** Results are at 16 and 32, texts from 1024 on, and what the host passes from 4096 on. */
const moduleText = `(module
  (import "duranium:runtime/host@0.1.0" "call"
    (func $call (param i32 i32 i32 i32 i32 i32 i32)))
  (import "duranium:runtime/host@0.1.0" "complete" (func $complete (param i32 i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 4096))
  (global $payload (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (data (i32.const 1024) "sleep")
  (data (i32.const 1040) "${sleep}")
  (data (i32.const 1100) "${failure}")
  (data (i32.const 1400) "${missing}")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get 3)) (i32.const 15)) (i32.const -16)))
    (local.get $at))
  (func (export "evaluate") (param $code i32) (param $bytes i32) (result i32)
    (local $first i32)
    (local.set $first (i32.load8_u (i32.add (local.get $code) (i32.const 39))))
    (i32.store8 (i32.const 16) (i32.const 0))
    (if (i32.eq (local.get $first) (i32.const 33)) (then
      (i32.store8 (i32.const 16) (i32.const 1))
      (i32.store (i32.const 20) (i32.const 1100))
      (i32.store (i32.const 24) (i32.const ${lengthOf(failure)}))))
    (if (i32.eq (local.get $first) (i32.const 63)) (then
      (i32.store8 (i32.const 16) (i32.const 1))
      (i32.store (i32.const 20) (i32.const 1400))
      (i32.store (i32.const 24) (i32.const ${lengthOf(missing)}))))
    (i32.const 16))
  (func (export "cabi_post_evaluate") (param i32))
  (func (export "declarations") (result i32) (i32.const 32))
  (func (export "cabi_post_declarations") (param i32))
  (func (export "extend") (param i32 i32))
  (func (export "cabi_post_extend"))
  (func (export "run") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 f64 i32 i32 i32 i32)
    (global.set $payload (local.get 13))
    (global.set $length (local.get 14))
    (call $call (i32.const 0) (i32.const 1024) (i32.const 5)
      (i32.const 1040) (i32.const ${lengthOf(sleep)}) (i32.const 0) (i32.const 0)))
  (func (export "cabi_post_run"))
  (func (export "settle") (param i32 f64 i32 i32 i32 i32)
    (if (i32.eqz (local.get 0)) (then (call $complete (global.get $payload) (global.get $length)))))
  (func (export "cabi_post_settle"))
  (func (export "cancel") (param f64))
  (func (export "cabi_post_cancel")))`;
