import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { testEngineStore } from "../../../../test/support/engine.ts";
import { memoryCeilingPages } from "../../../domain/limits.ts";
import { dirtyPageBytes, dirtyPagesExport } from "../../instrumentation/dirty-pages.ts";
import { meterExports } from "../../instrumentation/meter-globals.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import { readExports, readGlobals, readImports, readMemories, readModule } from "../../wasm/module.ts";
import { hostModule, keptExports, postProcess } from "./post-process.ts";

const neededFunctions = keptExports
  .filter((name) => name !== "memory")
  .map((name) => `(func (export "${name}"))`)
  .join("\n");

const meterNames = Object.values(meterExports);

describe("the engine", () => {
  test("the engine imports only the host's functions", async () => {
    const module = readModule((await testEngineStore().current()).core);
    expect(readImports(module).map((item) => [item.module, item.kind, item.name])).toEqual(
      ["call", "abandon", "complete", "fail", "log", "compute"].map((name) => [hostModule, "function", name]),
    );
  });

  test("the engine exports only the functions that a host calls and every mutable global", async () => {
    const { core, metadata } = await testEngineStore().current();
    const module = readModule(core);
    const exports = readExports(module);
    const globals = exports.filter(({ kind }) => kind === "global");
    const changing = readGlobals(module).flatMap(({ mutable }, index) => (mutable ? [index] : []));
    expect(globals.map(({ index }) => index)).toEqual(changing);
    const names = globals.map(({ name }) => name);
    expect(names).toEqual([...names.filter((name) => name.startsWith("$global_")), ...meterNames]);
    expect(names.length).toBeGreaterThan(meterNames.length);
    expect(metadata.mutableGlobals).toEqual(names);
    expect(exports.map(({ name }) => name)).toEqual([...keptExports, ...names, dirtyPagesExport]);
  });

  test("the engine's memory cannot exceed the operator's maximum", async () => {
    const { core, metadata } = await testEngineStore().current();
    const [memory] = readMemories(readModule(core));
    expect(memory).toEqual({ minimum: metadata.initialPages, maximum: memoryCeilingPages });
  });

  test("the engine is valid WebAssembly", async () => {
    const { core } = await testEngineStore().current();
    expect(WebAssembly.validate(core)).toBe(true);
  });
});

describe("post-processing", () => {
  test("post-processing keeps the host's exports and exports mutable globals", async () => {
    const core = await parse(`(module (memory (export "memory") 2)
      (global (mut i32) (i32.const 1)) (global i32 (i32.const 2)) (global (mut i64) (i64.const 3))
      ${neededFunctions} (func (export "wizer.resume")))`);
    const module = readModule(postProcess(core));
    expect(readExports(module).map(({ name }) => name)).toEqual([
      ...keptExports,
      "$global_0",
      "$global_2",
      ...meterNames,
      dirtyPagesExport,
    ]);
    const [memory, notes, ...others] = readMemories(module);
    expect(memory).toEqual({ minimum: 2, maximum: memoryCeilingPages });
    // A byte for each page of 4 KiB that there can be, and more.
    expect(notes?.maximum).toBe(notes?.minimum);
    expect((notes?.minimum ?? 0) * 65_536).toBeGreaterThan((memoryCeilingPages * 65_536) / dirtyPageBytes);
    expect(others).toEqual([]);
  });

  test.each([
    ["imports something else", '(import "wasi" "clock" (func)) (memory (export "memory") 1)'],
    [
      "imports a global of the host",
      `(import "${hostModule}" "g" (global i32)) (memory (export "memory") 1)`,
    ],
    ["starts by itself", '(memory (export "memory") 1) (func $f) (start $f)'],
    ["has two memories", '(memory (export "memory") 1) (memory 1)'],
    ["begins with too much memory", `(memory (export "memory") ${memoryCeilingPages + 1})`],
    ["does not export its memory", "(memory 1)"],
  ])("post-processing refuses an engine that %s", async (_what, fields) => {
    const core = await parse(`(module ${fields} ${neededFunctions})`);
    expect(() => postProcess(core)).toThrow(WasmFormatError);
  });

  test("post-processing refuses an engine without an export that a host calls", async () => {
    const core = await parse('(module (memory (export "memory") 1))');
    expect(() => postProcess(core)).toThrow("does not export cabi_realloc");
  });
});
