import type { ExecutionId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import type { LogRow } from "../logs/logs.ts";

/** Milliseconds since the Unix epoch; later than the host's clock, which would otherwise replace it. */
const testTime = Date.UTC(2100, 0, 31, 9, 30);

/** A valid execution ID for a number. */
export function executionNumbered(number: number): ExecutionId {
  return `inv_${String(number).padStart(24, "0")}` as ExecutionId;
}

export function lineNumbered(number: number, text = `line ${number}`): LogLine {
  return { number, level: "info", line: [text, { number }], at: testTime + number };
}

export function rowNumbered(executionId: ExecutionId, number: number): LogRow {
  const line = lineNumbered(number);
  return { executionId, ...line, line: JSON.stringify(line.line) };
}
