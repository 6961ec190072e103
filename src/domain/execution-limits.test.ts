import { describe, expect, test } from "vitest";
import {
  errorsAbove,
  defaultExecutionLimits as defaults,
  journaledLimits,
  limitsWithin,
} from "./execution-limits.ts";
import type { LimitSettings } from "./execution-limits.ts";

describe("the limits of an execution", () => {
  test("are the defaults without settings if the operator allows them", () => {
    expect(limitsWithin(defaults)).toEqual(defaults);
    expect(limitsWithin({ ...defaults, memoryPages: 8_192 })).toEqual(defaults);
  });

  test("are the configured ones, below the default and above it", () => {
    const maxima = { ...defaults, memoryPages: 8_192 };
    expect(limitsWithin(maxima, { memoryMib: 512, calls: 7 })).toEqual({
      ...defaults,
      memoryPages: 8_192,
      calls: 7,
    });
  });

  test("are never above the operator's maxima, even for an older setting", () => {
    const maxima = { ...defaults, turnFuel: 1e9, calls: 10 };
    expect(limitsWithin(maxima, { calls: 20_000 })).toEqual(maxima);
  });

  test("are journaled only if they differ from the defaults", () => {
    expect(journaledLimits(defaults)).toBeUndefined();
    expect(journaledLimits({ ...defaults, calls: 7 })).toEqual({ calls: 7 });
  });
});

/** In the units of settings. */
const { memoryPages, ...others } = defaults;
const most: Required<LimitSettings> = { ...others, memoryMib: memoryPages / 16 };

test.each(Object.entries(most))("%s may be set to %d, and one more is rejected", (name, value) => {
  expect(errorsAbove(defaults, { [name]: value })).toEqual([]);
  expect(errorsAbove(defaults, { [name]: value + 1 })).toEqual([
    {
      pointer: `#/limits/${name}`,
      detail: `Limit ${name} cannot be ${value + 1}: the maximum of this installation is ${value}`,
    },
  ]);
});
