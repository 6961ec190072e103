import { parse } from "@bytecodealliance/jco";
import { expect, test } from "vitest";
import { readExports, readMemories, readModule } from "../../wasm/module.ts";
import { hostModule } from "../passes/post-process.ts";
import { startPython } from "./start-python.ts";

const started = `
  (data (i32.const 8) "before")
  (func (export "_initialize") (global.set 0 (i32.const 40)))
  (func (export "duranium_start")
    (global.set 0 (i32.add (global.get 0) (i32.const 2)))
    (global.set 1 (i64.const -1))
    (i32.store (i32.const 65536) (i32.add (i32.const 7) (memory.grow (i32.const 2)))))`;

const module = (functions: string): string => `(module
  (import "${hostModule}" "fail" (func $fail (param i32 i32)))
  (import "${hostModule}" "call" (func $call (param i32 i32 i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (global (mut i32) (i32.const 0)) (global (mut i64) (i64.const 0)) (global i32 (i32.const 5))
  (func (export "read") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "first") (result i32) (global.get 0)) (func (export "second") (result i64) (global.get 1))
  ${functions})`;

test("the memory and the globals of a started module are those of the module that is returned", async () => {
  const bytes = await startPython(await parse(module(started)));
  expect(readMemories(readModule(bytes))).toEqual([{ minimum: 4 }]);
  expect(readExports(readModule(bytes)).map(({ name }) => name)).toEqual([
    "memory",
    "read",
    "first",
    "second",
  ]);
  const imports = { [hostModule]: { fail: () => undefined, call: () => undefined } };
  const instance = new WebAssembly.Instance(await WebAssembly.compile(new Uint8Array(bytes)), imports);
  const { first, second, read } = instance.exports as Record<string, (at?: number) => unknown>;
  expect([first?.(), second?.(), read?.(65_536), read?.(8)]).toEqual([
    42,
    -1n,
    9,
    Buffer.from("befo").readInt32LE(),
  ]);
});

test("two starts of a module give the same bytes", async () => {
  const linked = await parse(module(started));
  expect(Buffer.from(await startPython(linked)).equals(await startPython(linked))).toBe(true);
});

test("what Python wrote before it ended is in the error of the build", async () => {
  const failing = `(data (i32.const 16) "ImportError: no module json")
    (func (export "_initialize"))
    (func (export "duranium_start") (call $fail (i32.const 16) (i32.const 27)) unreachable)`;
  await expect(startPython(await parse(module(failing)))).rejects.toThrow(
    /^Python did not start: ImportError: no module json\n.*unreachable/,
  );
});

test("Python may not call the host while it starts", async () => {
  const calling = `(func (export "_initialize"))
    (func (export "duranium_start")
      (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))`;
  await expect(startPython(await parse(module(calling)))).rejects.toThrow(
    /Python called call of the host while it started/,
  );
});
