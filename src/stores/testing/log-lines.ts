import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import type { ExecutionEnd } from "../logs/execution-ends.ts";
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

/** The end of an execution that completed; its number is also its time. */
export function endNumbered(number: number, changes: Partial<ExecutionEnd> = {}): ExecutionEnd {
  return {
    executionId: executionNumbered(number),
    workflowId: "orders" as WorkflowId,
    version: 1,
    entryPoint: null,
    outcome: "completed",
    startedAt: null,
    endedAt: number,
    fuelUsed: number * 1e9,
    failureId: null,
    code: null,
    name: null,
    message: null,
    file: null,
    line: null,
    ...changes,
  };
}

/** The end of an execution that failed. */
export function failureNumbered(number: number, changes: Partial<ExecutionEnd> = {}): ExecutionEnd {
  return endNumbered(number, {
    outcome: "failed",
    failureId: "0123456789abcdef",
    code: "workflow-failed",
    name: "TypeError",
    message: "x is not a function",
    file: "orders.ts",
    line: 12,
    ...changes,
  });
}
