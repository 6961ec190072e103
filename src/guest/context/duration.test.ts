import { expect, test } from "vitest";
import { maxSleepMs } from "../../domain/limits.ts";
import { durationMs } from "./duration.ts";

test.each([
  [0, 0],
  [1500, 1500],
  [0.2, 1],
  ["250ms", 250],
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["1h 30m", 5_400_000],
  [" 1.5s ", 1_500],
  ["2d", 172_800_000],
  ["1w", 604_800_000],
  ["PT5M", 300_000],
  ["PT0.5S", 500],
  ["PT0,5S", 500],
  ["P1DT12H", 129_600_000],
  ["P2W", 1_209_600_000],
  [maxSleepMs, maxSleepMs],
  ["366d", maxSleepMs],
])("%s is %d ms", (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

test.each([
  "",
  "5",
  "m",
  "5 minutes",
  "-5m",
  "1e3s",
  "1,5s",
  "P",
  "PT",
  "P1DT",
  "P1M",
  "P1Y",
  "pt5m",
  "5m".repeat(60),
])("%j is not a valid duration", (text) => {
  expect(() => durationMs(text)).toThrow(/^".*" is no duration: use milliseconds, or text like/);
});

test.each([[Number.NaN], [null], [undefined], [{}], [10n]])("%s is not a valid duration", (value) => {
  expect(() => durationMs(value as number)).toThrow(TypeError);
});

test("a negative duration is refused", () => {
  expect(() => durationMs(-1)).toThrow("Cannot wait for -1 ms: a duration is not negative");
});

test.each([[maxSleepMs + 1], ["367d"], [Number.POSITIVE_INFINITY]])(
  "a duration of %s exceeds the maximum",
  (duration) => {
    expect(() => durationMs(duration)).toThrow("at most 366 days are possible");
  },
);
