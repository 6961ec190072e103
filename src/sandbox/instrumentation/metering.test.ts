import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { memoryCeilingPages } from "../../domain/limits.ts";
import { readMeter } from "../instances/meter.ts";
import type { Meter } from "../instances/meter.ts";
import { WasmFormatError } from "../wasm/binary.ts";
import { readExports, readGlobals, readImports, readModule, writeModule } from "../wasm/module.ts";
import { meterExports } from "./meter-globals.ts";
import { meterModule } from "./metering.ts";

const pageBytes = 65_536;

describe("a metered module", () => {
  test("a metered module behaves as before, for the same fuel each time", async () => {
    const { call, fuelOf } = await metered(`(func (export "factorial") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0))
        (then (i64.const 1))
        (else (i64.mul (local.get 0) (call 0 (i64.sub (local.get 0) (i64.const 1)))))))`);
    expect(call("factorial", 20n)).toBe(2_432_902_008_176_640_000n);
    // Three instructions up to the choice, in each of six calls.
    expect(fuelOf(() => call("factorial", 5n))).toBe(18);
    expect(fuelOf(() => call("factorial", 5n))).toBe(18);
  });

  test("each iteration of each nested loop is charged", async () => {
    const { call, fuelOf } = await metered(`(func (export "around") (param i32) (result i32) (local i32 i32)
      (loop
        (local.set 2 (i32.const 3))
        (loop
          (local.set 1 (i32.add (local.get 1) (i32.const 1)))
          (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (local.get 1))`);
    expect(call("around", 4)).toBe(12);
    // The function 1, four times 2 for the outer loop and its inner one three times 9 each.
    expect(fuelOf(() => call("around", 4))).toBe(1 + 4 * (2 + 3 * 9));
    expect(fuelOf(() => call("around", 8)) - fuelOf(() => call("around", 4))).toBe(4 * (2 + 3 * 9));
  });

  test("metering does not change control flow: tables, choices, blocks with results", async () => {
    const { call, plain } = await metered(`(func (export "way") (param i32) (result i32)
      (block $two (result i32)
        (block $one (result i32)
          (block $zero
            (br_if $zero (i32.eqz (local.get 0)))
            (br_table $one $two (i32.const 10) (i32.sub (local.get 0) (i32.const 1))))
          (br $two
            (if (result i32) (i32.gt_s (local.get 0) (i32.const 2)) (then (i32.const 3)) (else (i32.const 4)))))
        (i32.const 100)
        (i32.add)))`);
    for (const way of [0, 1, 2, 3, 9]) expect(call("way", way)).toBe(plain("way", way));
  });

  test("a metered module traps before the code that its fuel does not cover", async () => {
    const { call, meter, memory } = await metered(`(func (export "store") (param i32)
      (loop
        (i32.store8 (local.get 0) (i32.const 1))
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br 0)))`);
    meter.begin({ fuel: 1 + 8 * 5 + 7, memoryPages: 1 });
    expect(() => call("store", 0)).toThrow(WebAssembly.RuntimeError);
    expect(meter.fuelLeft).toBe(-1);
    expect([...memory().subarray(0, 7)]).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  test("a metered module may use its last unit of fuel", async () => {
    const { call, meter } = await metered('(func (export "nothing"))');
    meter.begin({ fuel: 1, memoryPages: 1 });
    call("nothing");
    expect(meter.fuelLeft).toBe(0);
    expect(() => call("nothing")).toThrow(WebAssembly.RuntimeError);
  });

  test("endless mutual recursion runs out of fuel", async () => {
    const { call, meter } = await metered(`(func $a (export "a") (call $b)) (func $b (call $a))`);
    meter.begin({ fuel: 1_000, memoryPages: 1 });
    expect(() => call("a")).toThrow(WebAssembly.RuntimeError);
    expect(meter.fuelLeft).toBe(-1);
  });

  test("fuel and memory are at their maximum until the host sets them", async () => {
    const { meter } = await metered('(func (export "nothing"))');
    expect(meter.fuelLeft).toBeGreaterThan(9e18);
    expect(meter.memoryLimitPages).toBe(memoryCeilingPages);
  });
});

describe("copied and filled bytes", () => {
  const bulk = `
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))`;

  test("copied and filled bytes cost one unit per eight, plus the instruction", async () => {
    const { call, fuelOf, memory } = await metered(bulk);
    expect(fuelOf(() => call("fill", 0, 7, 4_096))).toBe(4 + 512);
    expect(fuelOf(() => call("copy", 8_192, 0, 4_095))).toBe(4 + 511);
    expect([memory()[4_095], memory()[4_096], memory()[8_192 + 4_094], memory()[8_192 + 4_095]]).toEqual([
      7, 0, 7, 0,
    ]);
  });

  test("bytes are charged before they are written", async () => {
    const { call, meter, memory } = await metered(bulk);
    meter.begin({ fuel: 100, memoryPages: 1 });
    expect(() => call("fill", 0, 7, pageBytes)).toThrow(WebAssembly.RuntimeError);
    expect(meter.fuelLeft).toBeLessThan(0);
    expect(memory()[0]).toBe(0);
  });

  test("the length of copied bytes is unsigned", async () => {
    const { call, meter } = await metered(bulk);
    meter.begin({ fuel: 2 ** 32, memoryPages: 1 });
    expect(() => call("fill", 0, 7, -8)).toThrow("out of bounds");
    expect(meter.fuelLeft).toBe(2 ** 32 - 4 - (2 ** 32 - 8) / 8);
  });
});

describe("the memory of a metered module", () => {
  const growing = `
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))`;

  test("memory grows up to the limit of the turn, and denied growth is flagged", async () => {
    const { call, meter, memory } = await metered(growing);
    meter.begin({ fuel: 1e9, memoryPages: 3 });
    expect([call("size"), call("grow", 1), call("size"), meter.wasRefused]).toEqual([1, 1, 2, false]);
    expect([call("grow", 2), call("size"), meter.wasRefused]).toEqual([-1, 2, true]);
    expect([call("grow", 1), call("grow", 0), call("size")]).toEqual([2, 3, 3]);
    expect(memory().length).toBe(3 * pageBytes);
    meter.begin({ fuel: 1e9, memoryPages: 3 });
    expect([call("grow", -1), meter.wasRefused]).toEqual([-1, true]);
  });

  test("the guest sees the set length of a longer memory", async () => {
    const { call, meter, memory } = await metered(growing);
    meter.begin({ fuel: 1e9, memoryPages: 8 });
    call("grow", 3);
    meter.memoryPages = 1;
    expect(call("size")).toBe(1);
    expect([call("grow", 2), call("size"), memory().length]).toEqual([1, 3, 4 * pageBytes]);
    expect([call("grow", 2), call("size"), memory().length]).toEqual([3, 5, 5 * pageBytes]);
  });

  test("growing costs the same whether or not the memory itself has to grow", async () => {
    const { call, meter, fuelOf } = await metered(growing);
    meter.begin({ fuel: 1e9, memoryPages: 8 });
    const first = fuelOf(() => call("grow", 3));
    meter.memoryPages = 1;
    expect(fuelOf(() => call("grow", 3))).toBe(first);
    expect(first).toBe(2 + (3 * pageBytes) / 8);
  });

  test("a guest traps if the machine has less memory than the limit", async () => {
    const { call, meter } = await metered(growing, '(memory (export "memory") 1 2)');
    meter.begin({ fuel: 1e9, memoryPages: 8 });
    expect(call("grow", 1)).toBe(1);
    expect(() => call("grow", 1)).toThrow(WebAssembly.RuntimeError);
    expect([meter.isStarved, meter.wasRefused, meter.fuelLeft > 0]).toEqual([true, false, true]);
  });
});

describe("metering", () => {
  test("metering adds its globals after all others and imports nothing", async () => {
    const text = `(module (import "host" "call" (func (param i32)))
      (import "host" "limit" (global i32))
      (memory 2) (global (mut i32) (i32.const 1)) (global f32 (f32.const 2))
      (func (export "first") (call 0 (i32.const 3))) (func (drop (global.get 0))))`;
    const before = readModule(await parse(text));
    const after = meterModule(before);
    expect(readImports(after)).toEqual(readImports(before));
    expect(readGlobals(after).slice(0, 2)).toEqual(readGlobals(before));
    expect(readGlobals(after).map(({ type, mutable }) => [type, mutable])).toEqual([
      ["i32", true],
      ["f32", false],
      ["i64", true],
      ["i32", true],
      ["i32", true],
      ["i32", true],
    ]);
    expect(readExports(after)).toEqual([
      ...readExports(before),
      ...Object.values(meterExports).map((name, place) => ({ name, kind: "global", index: 3 + place })),
    ]);
    expect(WebAssembly.validate(writeModule(after))).toBe(true);
  });

  test("every bulk memory instruction is charged", async () => {
    const text = `(module (memory 1) (global (mut i32) (i32.const 0)) (export "g" (global 0))
      (func (memory.fill (i32.const 0) (i32.const 0) (memory.grow (memory.size))) (memory.copy (i32.const 0) (i32.const 0) (i32.const 1))))`;
    const printed = await printedFunctions(meterModule(readModule(await parse(text))));
    expect(printed[0]).not.toMatch(/memory\./);
    expect(
      printed
        .slice(1)
        .join("")
        .match(/memory\.\w+/g),
    ).toEqual(["memory.copy", "memory.fill", "memory.size", "memory.size", "memory.grow"]);
  });

  test.each([
    ["drops a segment", '(data $d "x") (func (data.drop $d))'],
    ["sets in a table", "(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))"],
    ["grows a table", "(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))"],
    ["fills a table", "(table 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))"],
    ["copies in a table", "(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 1)))"],
    [
      "copies into a table",
      "(table 1 funcref) (elem $e func) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 0)))",
    ],
    ["drops an element segment", "(elem $e func) (func (elem.drop $e))"],
    ["computes with vectors", "(func (drop (v128.const i32x4 0 0 0 0)))"],
    ["shares memory", "(func (drop (i32.atomic.load (i32.const 0))))"],
    ["calls as its last act", "(func $f (return_call $f))"],
    ["calls a reference", "(type $t (func)) (func (param (ref null $t)) (call_ref $t (local.get 0)))"],
    ["catches exceptions", "(tag $t) (func (block (try_table (catch $t 0))))"],
    ["throws exceptions", "(tag $t) (func (throw $t))"],
    ["allocates structures", "(type $s (struct)) (func (drop (struct.new $s)))"],
    ["has a second memory", "(memory 1) (func (drop (memory.size 1)))"],
    [
      "copies to a second memory",
      "(memory 1) (func (memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 0)))",
    ],
  ])("metering refuses a module that %s", async (_what, fields) => {
    const bytes = await parse(
      `(module (memory 1) (global (mut i32) (i32.const 0)) (export "g" (global 0)) ${fields})`,
    );
    expect(() => meterModule(readModule(bytes))).toThrow(WasmFormatError);
  });

  test("metering refuses a module without a memory", async () => {
    const bytes = await parse('(module (global (mut i32) (i32.const 0)) (export "g" (global 0)) (func))');
    expect(() => meterModule(readModule(bytes))).toThrow("not have exactly one memory");
  });
});

interface Metered {
  readonly meter: Meter;
  readonly memory: () => Uint8Array;
  readonly call: (name: string, ...values: (number | bigint)[]) => unknown;
  /** The same in the module as it was. */
  readonly plain: (name: string, ...values: (number | bigint)[]) => unknown;
  readonly fuelOf: (work: () => void) => number;
}

async function metered(functions: string, memory = '(memory (export "memory") 1)'): Promise<Metered> {
  const bytes = await parse(`(module ${memory} (global (mut i32) (i32.const 0)) ${functions})`);
  const exports = instantiate(writeModule(meterModule(readModule(bytes))));
  const meter = readMeter(exports);
  return {
    meter,
    memory: () => new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer),
    call: (name, ...values) => functionOf(exports, name)(...values),
    plain: (name, ...values) => functionOf(instantiate(bytes), name)(...values),
    fuelOf(work) {
      meter.begin({ fuel: 1e9, memoryPages: meter.memoryLimitPages });
      work();
      return 1e9 - meter.fuelLeft;
    },
  };
}

type Exports = WebAssembly.Instance["exports"];

function instantiate(bytes: Uint8Array): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports;
}

function functionOf(exports: Exports, name: string): (...values: (number | bigint)[]) => unknown {
  return exports[name] as (...values: (number | bigint)[]) => unknown;
}

async function printedFunctions(module: ReturnType<typeof meterModule>): Promise<readonly string[]> {
  const { print } = await import("@bytecodealliance/jco");
  return (await print(writeModule(module))).split("(func (;").slice(1);
}
