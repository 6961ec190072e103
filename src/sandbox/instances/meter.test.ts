import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { readMeter } from "./meter.ts";

/** That of a metered engine is checked in `sandbox/instrumentation/metering.test.ts`. */
describe("the meter of an engine without metering", () => {
  test("a missing meter charges nothing and allows everything", async () => {
    const { meter } = await unmetered();
    meter.begin({ fuel: 50, memoryPages: 8 });
    expect([meter.fuelLeft, meter.memoryLimitPages, meter.isStarved]).toEqual([50, 8, false]);
    meter.memoryPages = 1;
    expect(meter.memoryPages).toBe(2);
  });

  test("a missing meter assumes denied memory above half of the memory", async () => {
    const { meter, memory } = await unmetered();
    meter.begin({ fuel: 50, memoryPages: 8 });
    memory.grow(2);
    expect([meter.memoryPages, meter.wasRefused]).toEqual([4, false]);
    memory.grow(1);
    expect([meter.memoryPages, meter.wasRefused]).toEqual([5, true]);
  });
});

async function unmetered() {
  const module = await WebAssembly.compile(await parse('(module (memory (export "memory") 2))'));
  const { exports } = new WebAssembly.Instance(module, {});
  const memory = exports["memory"] as WebAssembly.Memory;
  return { memory, meter: readMeter(exports, memory) };
}
