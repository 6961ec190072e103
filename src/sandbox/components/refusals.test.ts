import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { engineCoreOf } from "./engine-core.ts";
import { moduleOf } from "./testing/modules.ts";
import type { ModuleText } from "./testing/modules.ts";

describe("a module is refused that", () => {
  test.each<[string, ModuleText, string]>([
    [
      "imports what the sandbox does not have",
      {
        imports:
          '(import "env" "time" (func (result i64))) (import "wasi:clocks/wall-clock@0.2.0" "now" (func (param i32)))',
      },
      "imports what the sandbox does not have: env.time, wasi:clocks/wall-clock@0.2.0.now",
    ],
    [
      "imports its memory",
      { imports: '(import "env" "memory" (memory 1))', memory: "" },
      "the memory env.memory",
    ],
    ["imports a global", { imports: '(import "env" "g" (global i32))' }, "the global env.g"],
    [
      "imports an unknown function of the host",
      { imports: '(import "duranium:runtime/host@0.1.0" "eval" (func (param i32)))' },
      "duranium:runtime/host@0.1.0.eval",
    ],
    [
      "imports a function of WASI with another type",
      { imports: '(import "wasi_snapshot_preview1" "random_get" (func (param i32) (result i32)))' },
      "wasi_snapshot_preview1.random_get as (i32) -> i32 instead of (i32, i32) -> i32",
    ],
    [
      "imports an unknown function of WASI",
      { imports: '(import "wasi_snapshot_preview1" "thread_spawn" (func (param i32) (result i32)))' },
      "wasi_snapshot_preview1.thread_spawn",
    ],
    ["has 4 GiB of memory", { memory: '(memory (export "memory") 65535)' }, "starts with 65535 pages"],
    ["has a shared memory", { memory: '(memory (export "memory") 1 2 shared)' }, "shared or of 64 bits"],
    ["has a memory of 64 bits", { memory: '(memory (export "memory") i64 1)' }, "shared or of 64 bits"],
    ["does not export its memory", { memory: "(memory 1)" }, "memory is missing"],
    ["has two memories", { fields: "(memory 1)" }, "more than one memory"],
    [
      "has large tables",
      { fields: "(table 60000 funcref) (table 60000 funcref)" },
      "initial entries in tables",
    ],
    ["uses SIMD", { fields: "(func $sum (drop (v128.const i64x2 0 0)))" }, "SIMD (in function sum)"],
    ["uses atomics", { fields: "(func $lock (atomic.fence))" }, "threads (in function lock)"],
    ["uses tail calls", { fields: "(func $again (return_call $again))" }, "tail calls (in function again)"],
    [
      "changes a table",
      { fields: "(table $t 1 funcref) (func $set (table.set $t (i32.const 0) (ref.null func)))" },
      "table.set (in function set)",
    ],
    [
      "keeps references in a global",
      { fields: "(global (mut funcref) (ref.null func))" },
      "Cannot read the module",
    ],
    ["throws exceptions", { fields: "(tag $e) (func (throw $e))" }, "Unknown section 13"],
    ["has garbage-collected types", { fields: "(type (struct (field i32)))" }, "not a function type"],
    [
      "nests blocks deeply",
      { fields: `(func ${"(block ".repeat(3_000)}${")".repeat(3_000)})` },
      "nested blocks",
    ],
    [
      "has a function with many locals",
      { fields: `(func (local ${"i32 ".repeat(11_000)}))` },
      "locals in function",
    ],
    ["has many functions", { fields: "(func)".repeat(50_001) }, "functions, and the limit is 50,000"],
    ["does not pass validation", { fields: "(func (result i32))" }, "The module is invalid"],
  ])("%s", async (_what, text, message) => {
    const bytes = await moduleOf(text);
    expect(() => engineCoreOf(bytes)).toThrow(message);
  });

  test("does not export what the host calls, with a list", async () => {
    const bytes = await parse('(module (memory 1) (func (export "run")) (func (export "settle")))');
    expect(() => engineCoreOf(bytes)).toThrow(
      /memory is missing, cabi_realloc \(i32, i32, i32, i32\) -> i32 is missing, run is \(\) -> \(\) instead of .*, settle is .*, cancel \(f64\) -> \(\) is missing/,
    );
  });
});
