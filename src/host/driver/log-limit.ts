import { utf8Length } from "../../base/bytes.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { maxLogLinesPerExecution } from "../../domain/limits.ts";
import type { LogLine } from "../../domain/log-line.ts";

/** Takes console lines in their order. */
export type LogSink = (line: LogLine) => void;

/**
 * Hands on what one execution may say. In place of the first line that is too many comes one that says so,
 * and after it nothing. What is handed on follows from the lines alone, so every replay, which begins with
 * the first line again, is cut at the same one.
 */
export function limitLog(sink: LogSink, { logBytes }: Pick<ExecutionLimits, "logBytes">): LogSink {
  let bytes = 0;
  let isOver = false;
  return (line) => {
    if (isOver) return;
    bytes += utf8Length(JSON.stringify(line.line));
    const limit = limitMetBy(line, { bytes, logBytes });
    isOver = limit !== undefined;
    sink(limit === undefined ? line : lastLine(line, limit));
  };
}

function limitMetBy(
  { number }: LogLine,
  { bytes, logBytes }: { readonly bytes: number; readonly logBytes: number },
): string | undefined {
  if (number >= maxLogLinesPerExecution) return `${maxLogLinesPerExecution} lines (maxLogLinesPerExecution)`;
  if (bytes > logBytes) return `${logBytes} bytes (logBytes)`;
  return undefined;
}

function lastLine({ number, at }: LogLine, limit: string): LogLine {
  const text = `No line from here on is kept: an execution may write ${limit} to its console`;
  return { number, level: "warn", line: [text], at };
}
