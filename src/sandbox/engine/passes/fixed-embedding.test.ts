import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { WasmFormatError } from "../../wasm/binary.ts";
import { buildClockMs, fixEmbedding } from "./fixed-embedding.ts";

const clock =
  '(import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))';
const random = '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))';

describe("a JavaScript engine with a fixed environment", () => {
  test("a fixed embedding has a clock that stands still and constant random bytes", async () => {
    const fixed = fixEmbedding(
      await parse(`(module ${clock} ${random} (memory (export "memory") 1)
        (func (export "now") (result i64)
          (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 64))) (i64.load (i32.const 64)))
        (func (export "draw") (result i64)
          (drop (call $random (i32.const 128) (i32.const 7))) (i64.load (i32.const 128))))`),
    );
    const { now, draw } = await exportsOf(fixed);
    expect(now?.()).toBe(BigInt(buildClockMs) * 1_000_000n);
    expect(draw?.()).toBe(0x2a_2a_2a_2a_2a_2a_2an);
    expect(draw?.()).toBe(0x2a_2a_2a_2a_2a_2a_2an);
  });

  test("an embedding without the expected imports is refused", async () => {
    const bytes = await parse(`(module ${clock} (func))`);
    expect(() => fixEmbedding(bytes)).toThrow(WasmFormatError);
    expect(() => fixEmbedding(bytes)).toThrow("random_get");
  });
});

function real(): never {
  throw new Error("The real function was called");
}

async function exportsOf(bytes: Uint8Array): Promise<Record<string, (() => bigint) | undefined>> {
  const module = await WebAssembly.compile(bytes);
  const imports = { wasi_snapshot_preview1: { clock_time_get: real, random_get: real } };
  return new WebAssembly.Instance(module, imports).exports as Record<string, (() => bigint) | undefined>;
}
