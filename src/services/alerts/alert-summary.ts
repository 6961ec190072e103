import { formatDuration } from "../../base/duration-text.ts";
import type { AlertCondition } from "../../domain/monitoring/alerts.ts";
import type { StoredEnd } from "../../stores/logs/execution-ends.ts";

/** One line about a condition that is met. */

export function failureSummary(condition: AlertCondition, count: number, end: StoredEnd): string {
  const cause = causeText(end);
  if (condition.kind === "failures-in-a-row") return `${count} failures in a row: ${cause}`;
  return count === 1 ? cause : `${count} failures, the latest: ${cause}`;
}

/** `TypeError: x is not a function (orders.ts:12)` */
function causeText({ name, message, file, line, code }: StoredEnd): string {
  const error = name === null ? (code ?? "failed") : `${name}: ${message ?? ""}`;
  return oneLine(file === null ? error : `${error} (${file}:${line})`);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= maxSummaryCharacters
    ? line
    : `${line.slice(0, maxSummaryCharacters - 1)}…`.toWellFormed();
}

const maxSummaryCharacters = 400;

export function rateSummary(failed: number, runs: number, windowMs: number): string {
  const percent = Math.round((failed / runs) * 100);
  return `${failed} of ${runs} executions (${percent}%) failed within ${formatDuration(windowMs)}`;
}

export function stateSummary(
  condition: Extract<AlertCondition, { kind: "running-longer" | "waiting-longer" | "paused" }>,
  count: number,
): string {
  const executions = count === 1 ? "1 execution" : `${count} executions`;
  if (condition.kind === "paused") return `${executions} paused because of a failure`;
  const verb = condition.kind === "running-longer" ? "running" : "waiting";
  return `${executions} ${verb} for longer than ${formatDuration(condition.thanMs)}`;
}
