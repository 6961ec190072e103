import { expect, test } from "vitest";
import { failureLines } from "./execution-text.ts";

test("a failure is printed with its causes and errors, and with control characters escaped", () => {
  const cause = { name: "TypeError", message: "low\u001B[2J", stack: "at b (a.ts:3:4)" };
  const failure = {
    name: "AggregateError",
    message: "all failed",
    code: "E_ALL",
    stack: "at run (a.ts:1:2)",
    cause: { ...cause, cause: { name: "Error", message: "lowest" } },
    errors: [{ name: "Error", message: "first", stack: "" }],
  };
  const lines = failureLines(failure, (_, text) => text);
  expect(lines.join("\n")).not.toContain("\u001B");
  expect(lines.map((line) => line.replace(/low\S*2J/, "low"))).toEqual([
    "AggregateError: all failed (E_ALL)",
    "  at run (a.ts:1:2)",
    "  cause: TypeError: low",
    "    at b (a.ts:3:4)",
    "    cause: Error: lowest",
    "  error: Error: first",
  ]);
});
