import { describe, expect, test } from "vitest";
import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { Meter } from "./meter.ts";
import { explainTrap } from "./trap.ts";

const trap = new WebAssembly.RuntimeError("unreachable");

const calm: Meter = {
  memoryPages: 145,
  memoryLimitPages: 1_024,
  fuelLeft: 1,
  wasRefused: false,
  isStarved: false,
  begin() {},
  charge: () => true,
  stop() {},
};

describe("an instance that threw", () => {
  test.each<[string, unknown, Partial<Meter>, DuraniumError["code"]]>([
    ["ran out of fuel where less than none is left", trap, { fuelLeft: -1 }, "out-of-fuel"],
    ["ran out of memory where it was refused some", trap, { wasRefused: true }, "out-of-memory"],
    [
      "ran out of fuel where it was refused memory before",
      trap,
      { fuelLeft: -1, wasRefused: true },
      "out-of-fuel",
    ],
    ["gave up where there was enough of both", trap, {}, "sandbox-crashed"],
    ["gave up with the last unit of its fuel", trap, { fuelLeft: 0 }, "sandbox-crashed"],
    ["met a machine with too little memory", trap, { isStarved: true, wasRefused: true }, "internal"],
    [
      "nested its calls too deeply for the stack",
      new RangeError("Maximum call stack"),
      { wasRefused: true },
      "sandbox-crashed",
    ],
  ])("%s", (_what, thrown, changed, code) => {
    const error = explainTrap(thrown, {
      meter: { ...calm, ...changed },
      limits: defaultExecutionLimits,
      fuelUsed: 7,
    });
    expect(error).toMatchObject({ code, retryable: code === "internal", cause: thrown });
  });

  test("an error of the host is passed on unchanged", () => {
    const broken = new DuraniumError("guest-protocol-violated", "The guest did wrong");
    const scene = { meter: { ...calm, wasRefused: true }, limits: defaultExecutionLimits, fuelUsed: 7 };
    expect(explainTrap(broken, scene)).toBe(broken);
  });
});
