import type { ExecutionStatus } from "../domain/execution.ts";
import { signalAwaited } from "../journal/signals.ts";
import { describeAwaited } from "../journal/steps.ts";
import type { OperationEntry } from "./journal-entries.ts";
import type { Row } from "./restate-sql.ts";

/**
 * Describes what an execution waits for.
 *
 * For a suspended execution, Restate reports what would wake it. For a running one it does not, so the description lists
 * every command without a result, including those that the workflow has abandoned: cleared timers and aborted fetches.
 *
 * @param row the execution's row in `sys_invocation`
 */
export function waitingFor(
  status: ExecutionStatus,
  row: Row,
  { operations, isOpen }: IssuedCommands,
): readonly string[] {
  if (status === "scheduled") return timeOf("start at", row["scheduled_start_at"]);
  if (status === "retrying") return timeOf("next attempt at", row["next_retry_at"]);
  if (status === "paused") return ["resume"];
  if (status !== "running" && status !== "suspended") return [];
  const wakes = wakersOf(row["suspended_waiting_future_json"]);
  const isAwaited = (entry: OperationEntry) => isOpen(entry) && (wakes?.(entry) ?? true);
  return describeAwaited(operations, isAwaited);
}

export interface IssuedCommands {
  /** In the order in which they were issued. */
  readonly operations: readonly OperationEntry[];
  /** True if the command has no result. */
  readonly isOpen: (operation: OperationEntry) => boolean;
}

function timeOf(what: string, time: Row[string]): readonly string[] {
  return typeof time === "string" ? [`${what} ${time}`] : [];
}

/** Parses what wakes a suspended execution: a tree of alternatives whose leaves have a `CompletionId` or `SignalName`. */
function wakersOf(json: Row[string]): ((entry: OperationEntry) => boolean) | undefined {
  if (typeof json !== "string") return undefined;
  const completions = new Set<unknown>();
  const signals = new Set<unknown>();
  JSON.parse(json, (key, value: unknown) => {
    if (key === "CompletionId") completions.add(value);
    if (key === "SignalName") signals.add(value);
    return value;
  });
  return ({ name, completionId }) => completions.has(completionId) || signals.has(signalAwaited(name));
}
