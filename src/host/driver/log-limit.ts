import { utf8Length } from "../../base/bytes.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { maxLogLinesPerExecution } from "../limits.ts";

/** Receives console lines in order. */
export type LogSink = (line: LogLine) => void;

/**
 * Limits the console output of one execution. A warning replaces the first line beyond the limit, and later lines are
 * dropped. The cut depends on the lines only, so every replay, which starts with the first line, drops the same ones.
 */
export function limitLog(sink: LogSink, { logBytes }: Pick<ExecutionLimits, "logBytes">): LogSink {
  let bytes = 0;
  let isCut = false;
  return (line) => {
    if (isCut) return;
    bytes += utf8Length(JSON.stringify(line.line));
    const limit = exceededLimit(line, { bytes, logBytes });
    isCut = limit !== undefined;
    sink(limit === undefined ? line : lastLine(line, limit));
  };
}

function exceededLimit(
  { number }: LogLine,
  { bytes, logBytes }: { readonly bytes: number; readonly logBytes: number },
): string | undefined {
  if (number >= maxLogLinesPerExecution) return `${maxLogLinesPerExecution} lines (maxLogLinesPerExecution)`;
  if (bytes > logBytes) return `${logBytes} bytes (logBytes)`;
  return undefined;
}

function lastLine({ number, at }: LogLine, limit: string): LogLine {
  const text = `Further console output is dropped: the limit of an execution is ${limit}`;
  return { number, level: "warn", line: [text], at };
}
