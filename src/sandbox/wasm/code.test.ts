import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { WasmFormatError } from "./binary.ts";
import { redirectCalls, visitInstructions } from "./code.ts";
import {
  readCode,
  readMemories,
  readModule,
  sectionIds,
  withSection,
  writeCode,
  writeModule,
} from "./module.ts";

describe("the instructions of a body", () => {
  test("the instructions of a body are decoded", async () => {
    const [body = Uint8Array.of()] = await bodiesOf(`(func (param i32) (result i32) (local i64 f32)
      (block (br_table 0 1 0 (local.get 0)))
      (i64.store offset=300 (i32.const -70000) (i64.const 0x7fffffffffffffff))
      (drop (f64.const 1.5))
      (drop (i32.trunc_sat_f32_s (f32.const 2)))
      (call 0 (i32.const 16)))`);
    const visited: number[] = [];
    visitInstructions(body, (opcode) => visited.push(opcode));
    expect(visited).toEqual([
      0x02, 0x20, 0x0e, 0x0b, 0x41, 0x42, 0x37, 0x44, 0x1a, 0x43, 0xfc00, 0x1a, 0x41, 0x10, 0x0b,
    ]);
  });

  test.each([
    ["a local of a reference to a type", [0x01, 0x01, 0x63, 0x80, 0x7f, 0x41, 0x00, 0x1a, 0x0b]],
    ["a block with such a result", [0x00, 0x02, 0x64, 0x70, 0x00, 0x0b, 0x1a, 0x0b]],
    ["a choice between such values", [0x00, 0x00, 0x1c, 0x01, 0x63, 0x70, 0x1a, 0x0b]],
    ["a null of such a type", [0x00, 0xd0, 0x80, 0x7f, 0x1a, 0x0b]],
  ])("a body with a type of more than one byte is refused: %s", (_what, body) => {
    expect(() => visitInstructions(Uint8Array.from(body), () => {})).toThrow(WasmFormatError);
  });

  test.each([
    ["data.drop", '(data "x") (func (data.drop 0))'],
    ["table.grow", "(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))"],
    ["a vector", "(func (drop (v128.const i32x4 0 0 0 0)))"],
    ["an atomic", "(memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0))))"],
    ["a tail call", "(func $f (return_call $f))"],
    ["a second memory", "(memory 1) (memory 1) (func (drop (i32.load 1 (i32.const 0))))"],
  ])("a body with an unknown instruction is refused: %s", async (_what, fields) => {
    const [body = Uint8Array.of()] = await bodiesOf(fields);
    expect(() => visitInstructions(body, () => {})).toThrow(WasmFormatError);
  });

  test("a body that ends inside an instruction is refused", () => {
    expect(() => visitInstructions(Uint8Array.of(0x00, 0x41, 0x80), () => {})).toThrow(WasmFormatError);
  });

  test("the engine contains only known instructions", async () => {
    const { core } = await testEngineStore().current();
    const module = readModule(core);
    const memoryCount = readMemories(module).length;
    for (const body of readCode(module)) {
      let last = -1;
      visitInstructions(body, (opcode) => (last = opcode), memoryCount);
      expect(last).toBe(0x0b);
    }
  });
});

describe("redirected calls", () => {
  test("only calls are redirected, not bytes that look like one", async () => {
    const bytes = await parse(`(module
      (func $one (result i32) (i32.const 1))
      (func $two (result i32) (i32.const 2))
      (func (export "sum") (result i32) (i32.add (call $one) (i32.const 0x10))))`);
    const module = readModule(bytes);
    const bodies = readCode(module).map((body) => redirectCalls(body, new Map([[0, 1]])));
    const redirected = writeModule(withSection(module, sectionIds.code, writeCode(bodies)));
    expect(await sumOf(bytes)).toBe(1 + 0x10);
    expect(await sumOf(redirected)).toBe(2 + 0x10);
  });
});

async function bodiesOf(fields: string): Promise<Uint8Array[]> {
  return readCode(readModule(await parse(`(module ${fields})`)));
}

async function sumOf(bytes: Uint8Array): Promise<unknown> {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(bytes), {});
  return (exports["sum"] as () => number)();
}
