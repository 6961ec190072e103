import { expect, test } from "vitest";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { maxLogLinesPerExecution } from "../limits.ts";
import { limitLog } from "./log-limit.ts";

test("lines up to the limit are stored, and a warning replaces the next one", () => {
  const kept = limited(maxLogLinesPerExecution + 5, "x");
  expect(kept).toHaveLength(maxLogLinesPerExecution + 1);
  expect(kept.at(-2)?.line).toEqual(["x"]);
  expect(kept.at(-1)).toEqual({
    number: maxLogLinesPerExecution,
    level: "warn",
    line: [expect.stringContaining("is 10000 lines (maxLogLinesPerExecution)")],
    at: maxLogLinesPerExecution,
  });
});

test("bytes up to the limit are stored, and a warning follows", () => {
  const text = "x".repeat(100 - '[""]'.length);
  expect(limited(3, text, 300).every(({ line }) => line[0] === text)).toBe(true);
  const kept = limited(6, text, 300);
  expect(kept).toHaveLength(4);
  expect(kept.at(-1)?.line).toEqual([expect.stringContaining("is 300 bytes (logBytes)")]);
  expect(limited(3, text, 299)).toHaveLength(3);
  expect(limited(3, text, 299).at(-1)?.line).toEqual([expect.stringContaining("299 bytes (logBytes)")]);
});

test("a replay is cut off at the same line", () => {
  const text = "ü".repeat(5_000);
  expect(limited(1_000, text)).toEqual(limited(2_000, text));
});

function limited(
  count: number,
  text: string,
  logBytes = defaultExecutionLimits.logBytes,
): readonly LogLine[] {
  const kept: LogLine[] = [];
  const sink = limitLog((line) => kept.push(line), { logBytes });
  for (let number = 0; number < count; number++) sink({ number, level: "info", line: [text], at: number });
  return kept;
}
