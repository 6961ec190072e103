import type { ExecutionStatus } from "../domain/execution.ts";
import { signalAwaited } from "../journal/signals.ts";
import { describeAwaited } from "../journal/steps.ts";
import type { OperationEntry } from "./journal-entries.ts";
import type { Row } from "./restate-sql.ts";

/**
 * What an execution waits for, in words.
 *
 * Restate says of a suspended execution what would wake it. Of one that runs it does not, so there all that has
 * no result yet is told, also what the workflow has given up since: a timer that was cleared, a fetch that was
 * aborted.
 *
 * @param operations all that it asked for, in this order
 * @param isOpen whether one has no result yet
 * @param row of the execution, in `sys_invocation`
 */
export function waitingFor(
  status: ExecutionStatus,
  row: Row,
  { operations, isOpen }: IssuedCommands,
): readonly string[] {
  if (status === "scheduled") return timeOf("its start at", row["scheduled_start_at"]);
  if (status === "retrying") return timeOf("its next attempt at", row["next_retry_at"]);
  if (status === "paused") return ["somebody to resume it"];
  if (status !== "running" && status !== "suspended") return [];
  const wakes = wakersOf(row["suspended_waiting_future_json"]);
  const isAwaited = (entry: OperationEntry) => isOpen(entry) && (wakes?.(entry) ?? true);
  return describeAwaited(operations, isAwaited);
}

export interface IssuedCommands {
  readonly operations: readonly OperationEntry[];
  readonly isOpen: (operation: OperationEntry) => boolean;
}

function timeOf(what: string, time: Row[string]): readonly string[] {
  return typeof time === "string" ? [`${what} ${time}`] : [];
}

/** What wakes a suspended execution: a tree of alternatives, whose leaves say `CompletionId` or `SignalName`. */
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
