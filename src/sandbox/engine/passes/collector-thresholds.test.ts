import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { WasmFormatError } from "../../wasm/binary.ts";
import { lowerCollectorThresholds } from "./collector-thresholds.ts";

/** 38 MiB below 1 MiB, 1.5, 3, and 27 MiB below 100 MiB. */
const known = ["0x0010000002600000", "0x3ff8000000000000", "0x4008000000000000", "0x0640000001b00000"];

describe("the thresholds of the JavaScript engine's collector", () => {
  test("the thresholds are lowered where the engine stores its defaults", async () => {
    const lowered = lowerCollectorThresholds(await storing(known));
    const { exports } = new WebAssembly.Instance(await WebAssembly.compile(lowered), {});
    (exports["store"] as () => void)();
    const memory = (exports["memory"] as WebAssembly.Memory).buffer;
    const [malloc, , heap] = [0, 8, 24].map((offset) => new DataView(memory).getUint32(offset, true));
    expect([malloc, heap]).toEqual([8 * 2 ** 20, 8 * 2 ** 20]);
    expect(new Float64Array(memory, 8, 2)).toEqual(Float64Array.of(1.5, 1.4));
  });

  test.each([
    ["are missing", known.slice(1)],
    ["are there twice", [...known, ...known]],
  ])("an engine is refused if its thresholds %s", async (_, constants) => {
    const embedding = await storing(constants);
    expect(() => lowerCollectorThresholds(embedding)).toThrow(WasmFormatError);
  });
});

function storing(constants: readonly string[]): Promise<Uint8Array> {
  const stores = constants.map((value, at) => `(i64.store (i32.const ${at * 8}) (i64.const ${value}))`);
  return parse(`(module (memory (export "memory") 1) (func (export "store") ${stores.join(" ")}))`);
}
