import type { ExecutionId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import type { LogRow } from "../logs/logs.ts";

/** In milliseconds since the Unix epoch; ahead of the host's clock, which would be taken in its place. */
const testTime = Date.UTC(2100, 0, 31, 9, 30);

/** An id of the form of Restate's. */
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
