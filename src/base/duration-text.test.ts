import { expect, test } from "vitest";
import { formatDuration } from "./duration-text.ts";

test.each([
  [0, "0 ms"],
  [0.4, "0 ms"],
  [21.4, "21 ms"],
  [999.6, "1 s"],
  [1_000, "1 s"],
  [1_449, "1.45 s"],
  [12_340, "12.3 s"],
  [59_960, "1 min"],
  [185_000, "3 min 5 s"],
  [3_600_000, "1 h"],
  [3_599_900, "1 h"],
  [7_500_000, "2 h 5 min"],
  [187_200_000, "2 d 4 h"],
])("%d ms are shown as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
