import type { JsonValue } from "../domain/json.ts";
import type { DriveOptions } from "../host/driver.ts";

/** Executions whose last line is remembered, so that their replays repeat none. */
const maxRemembered = 10_000;

type Sink = DriveOptions["log"];

/** Prints what workflows write to their console, a line each, and each line once however often it replays. */
export function createConsoleLines(print: (line: string) => void): (executionId: string) => Sink {
  const printed = new Map<string, number>();
  return (executionId) => (line) => {
    if (line.number <= (printed.get(executionId) ?? -1)) return;
    remember(printed, executionId, line.number);
    print(`${executionId} ${line.level}: ${line.line.map(textOf).join(" ")}`);
  };
}

function textOf(argument: JsonValue): string {
  return typeof argument === "string" ? argument : JSON.stringify(argument);
}

function remember(printed: Map<string, number>, executionId: string, number: number): void {
  printed.delete(executionId);
  printed.set(executionId, number);
  const [oldest] = printed.keys();
  if (printed.size > maxRemembered && oldest !== undefined) printed.delete(oldest);
}
