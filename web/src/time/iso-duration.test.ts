import { expect, test } from "vitest";
import { durationText, isoDuration, shortDuration } from "./iso-duration.ts";

test.each([
  ["15m", "PT15M"],
  ["1h 30m", "PT1H30M"],
  ["2d", "P2D"],
  ["1d12h", "P1DT12H"],
  ["10 min", "PT10M"],
  ["0.5s", "PT0.5S"],
  ["PT1H", "PT1H"],
  ["soon", "soon"],
  ["", ""],
])("%j is sent as %j", (typed, sent) => {
  expect(isoDuration(typed)).toBe(sent);
});

test("a duration that is not understood stays as it is", () => {
  expect(["P1Y", "soon", ""].map(durationText)).toEqual(["P1Y", "soon", ""]);
  expect(durationText("PT1H30M")).toBe("1 hour 30 minutes");
});

test("a duration is shown as people type it", () => {
  expect(["PT1M", "PT90S", "60000ms", "P1DT12H", "PT0.5S", "soon", ""].map(shortDuration)).toEqual([
    "1m",
    "1m30s",
    "1m",
    "1d12h",
    "500ms",
    "soon",
    "",
  ]);
});
