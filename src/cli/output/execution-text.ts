import type { EndedExecution, Execution, ExecutionStatus, Failure, LogLine } from "#client";
import { consoleText } from "../../base/console-text.ts";
import { formatDuration } from "../../base/duration-text.ts";
import { printableJson, printableLine, printableText } from "./printable.ts";
import type { Terminal } from "./terminal.ts";
import { timelineLines } from "./timeline.ts";
import { localTime } from "./times.ts";

const colours = {
  scheduled: "dim",
  queued: "dim",
  running: "blue",
  suspended: "blue",
  retrying: "yellow",
  paused: "yellow",
  completed: "green",
  failed: "red",
  cancelled: "dim",
  skipped: "dim",
} as const satisfies Record<ExecutionStatus, string>;

export function statusText(status: ExecutionStatus, style: Terminal["style"]): string {
  // A newer server may have more statuses.
  return style(colours[status] ?? "dim", printableLine(status));
}

/** An execution with its properties, timeline and outcome. */
export function executionLines(execution: Execution, terminal: Terminal): readonly string[] {
  const { style } = terminal;
  const { workflowId, version, status, entryPoint, createdAt, completedAt, steps } = execution;
  const at = version === undefined ? "" : ` v${version}`;
  const took =
    completedAt === undefined ? "" : ` in ${formatDuration(Date.parse(completedAt) - Date.parse(createdAt))}`;
  const related = [
    ["entry point", entryPoint],
    ["started by", execution.caller?.name],
    ["child of", execution.parent?.executionId],
    ["starts at", execution.scheduledAt === undefined ? undefined : localTime(execution.scheduledAt)],
    ["moved from", execution.movedFrom],
    ["retry of", execution.retryOf],
    ["retried as", execution.retries.join(", ")],
    ["fork of", execution.forkOf],
    ["forked as", execution.forks?.join(", ")],
    ["waiting for", [queueText(execution), ...execution.waitingFor].filter(Boolean).join("; ")],
    ["fuel", execution.fuelUsed?.toLocaleString("en-US")],
  ].filter(([, value]) => value !== undefined && value !== "");
  return [
    `${style("bold", printableLine(`${workflowId}${at}`))}  ${statusText(status, style)}${took}`,
    style("dim", `${printableLine(execution.executionId)}  ${localTime(createdAt)}`),
    ...related.map(([label, value]) => `${style("dim", `${label}:`)} ${printableLine(value ?? "")}`),
    ...(steps.length === 0 ? [] : ["", ...timelineLines(steps, endOf(execution), terminal)]),
    ...lastFailureLines(execution, style),
    ...outcomeLines(execution, style),
  ];
}

/** The queue, the place in it, and what holds the execution back. */
function queueText({ queue }: Execution): string | undefined {
  if (queue === undefined) return undefined;
  const place = queue.position === undefined ? "" : `, place ${queue.position}`;
  const blockers = queue.blockedBy.length === 0 ? "" : ` by ${queue.blockedBy.join(", ")}`;
  return `slot of ${queue.queue}${place}: ${queue.reason}${blockers}`;
}

/** Where the bar of a pending step ends: at the end of the execution, or now. */
export function endOf({ completedAt }: Pick<Execution, "completedAt">): number {
  return completedAt === undefined ? Date.now() : Date.parse(completedAt);
}

/** The result or failure of an ended execution; empty for a running one. */
export function outcomeLines(
  { result, failure, status }: Pick<EndedExecution, "result" | "failure" | "status">,
  style: Terminal["style"],
): readonly string[] {
  if (failure !== undefined) return ["", ...failureLines(failure, style)];
  return status === "completed" ? ["", printableJson(result ?? null, 2)] : [];
}

/** A failure with its stack frames, its cause, and the errors of an `AggregateError`. */
export function failureLines(failure: Failure, style: Terminal["style"]): string[] {
  const { name, message, code, stack = "", cause, errors = [] } = failure;
  const about = code === undefined ? "" : ` ${style("dim", `(${printableLine(code)})`)}`;
  const frames = printableText(stack)
    .split("\n")
    .filter((frame) => frame.trim() !== "");
  return [
    `${style("red", printableText(`${name}: ${message}`))}${about}`,
    ...frames.map((frame) => style("dim", `  ${frame.trim()}`)),
    ...(cause === undefined ? [] : innerLines("cause", cause, style)),
    ...errors.flatMap((error) => innerLines("error", error, style)),
  ];
}

function innerLines(label: string, failure: Failure, style: Terminal["style"]): string[] {
  const [first = "", ...rest] = failureLines(failure, style);
  return [`  ${label}: ${first}`, ...rest.map((line) => `  ${line}`)];
}

export function logText({ level, time, arguments: values }: LogLine, style: Terminal["style"]): string {
  const colour = { debug: "dim", info: "cyan", warn: "yellow", error: "red" } as const;
  const label = style(colour[level] ?? "dim", printableLine(level).padEnd(5));
  return `${style("dim", localTime(time).slice(11))} ${label} ${printableText(consoleText(values))}`;
}

function lastFailureLines({ lastFailure }: Execution, style: Terminal["style"]): readonly string[] {
  if (lastFailure === undefined) return [];
  const next =
    lastFailure.nextAttemptAt === undefined ? "" : `, next at ${localTime(lastFailure.nextAttemptAt)}`;
  return [
    "",
    style("yellow", printableText(`attempt ${lastFailure.attempts} failed${next}: ${lastFailure.message}`)),
    printableText(lastFailure.hint),
  ];
}
