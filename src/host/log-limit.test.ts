import { expect, test } from "vitest";
import { maxLogBytesPerExecution, maxLogLinesPerExecution } from "../domain/limits.ts";
import type { LogLine } from "../domain/log-line.ts";
import { limitLog } from "./log-limit.ts";

test("as many lines as an execution may write are kept, and in place of the next comes one that says so", () => {
  const kept = limited(maxLogLinesPerExecution + 5, "x");
  expect(kept).toHaveLength(maxLogLinesPerExecution + 1);
  expect(kept.at(-2)?.line).toEqual(["x"]);
  expect(kept.at(-1)).toEqual({
    number: maxLogLinesPerExecution,
    level: "warn",
    line: [expect.stringContaining("may write 10000 lines (maxLogLinesPerExecution)")],
    at: maxLogLinesPerExecution,
  });
});

test("as many bytes as an execution may write are kept, and after them one line that says so", () => {
  const lineBytes = 16 * 1024;
  const fits = maxLogBytesPerExecution / lineBytes;
  const text = "x".repeat(lineBytes - '[""]'.length);
  expect(limited(fits, text).every(({ line }) => line[0] === text)).toBe(true);
  const kept = limited(fits + 3, text);
  expect(kept).toHaveLength(fits + 1);
  expect(kept.at(-1)?.line).toEqual([expect.stringContaining("(maxLogBytesPerExecution)")]);
});

test("a replay is cut at the same line", () => {
  const text = "ü".repeat(5_000);
  expect(limited(1_000, text)).toEqual(limited(2_000, text));
});

function limited(count: number, text: string): readonly LogLine[] {
  const kept: LogLine[] = [];
  const sink = limitLog((line) => kept.push(line));
  for (let number = 0; number < count; number++) sink({ number, level: "info", line: [text], at: number });
  return kept;
}
