import type { ExecutionStatus } from "../domain/execution.ts";
import { limitsText } from "../domain/flow/host-limits.ts";
import type { HostLimits } from "../domain/flow/host-limits.ts";
import { hostOfQueue } from "../domain/flow/queue-id.ts";
import { numbersSlot, queueAcquired } from "../journal/entry-names.ts";
import { signalAwaited, slotSignal } from "../journal/signals.ts";
import { describeAwaited } from "../journal/steps.ts";
import type { JournalEntry, OperationEntry } from "./journal-entries.ts";
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
  { operations, isOpen, queued }: IssuedCommands,
): readonly string[] {
  if (status === "scheduled") return timeOf("start at", row["scheduled_start_at"]);
  if (status === "retrying") return timeOf("next attempt at", row["next_retry_at"]);
  if (status === "paused") return ["resume"];
  if (status !== "running" && status !== "suspended") return [];
  const wakes = wakersOf(row["suspended_waiting_future_json"]);
  const waits = operations.map((entry) => {
    const { signal = signalAwaited(entry.name), text = entry.name } = queued?.get(entry) ?? {};
    const isAwaited = isOpen(entry) && (wakes?.(entry, signal) ?? true);
    return { name: text, wakesAt: entry.wakesAt, isAwaited };
  });
  return describeAwaited(waits, ({ isAwaited }) => isAwaited);
}

export interface IssuedCommands {
  /** In the order in which they were issued. */
  readonly operations: readonly OperationEntry[];
  /** True if the command has no result. */
  readonly isOpen: (operation: OperationEntry) => boolean;
  /** The fetches that wait for slots of their hosts. */
  readonly queued?: ReadonlyMap<OperationEntry, QueuedFetch>;
}

function timeOf(what: string, time: Row[string]): readonly string[] {
  return typeof time === "string" ? [`${what} ${time}`] : [];
}

/** Parses what wakes a suspended execution: a tree of alternatives whose leaves have a `CompletionId` or `SignalName`. */
function wakersOf(
  json: Row[string],
): ((entry: OperationEntry, signal: string | undefined) => boolean) | undefined {
  if (typeof json !== "string") return undefined;
  const completions = new Set<unknown>();
  const signals = new Set<unknown>();
  JSON.parse(json, (key, value: unknown) => {
    if (key === "CompletionId") completions.add(value);
    if (key === "SignalName") signals.add(value);
    return value;
  });
  return ({ completionId }, signal) => completions.has(completionId) || signals.has(signal);
}

/** A fetch that waits for a slot of its host. */
export interface QueuedFetch {
  /** The signal that grants the slot. */
  readonly signal: string;
  /** The host and its limits: `api.example.com: 10 per second`. */
  readonly text: string;
}

/**
 * Finds the fetches that wait for slots. The command of such a fetch follows the one that requests its slot, and the requests
 * of an execution are numbered.
 */
export function findQueuedFetches(
  entries: readonly JournalEntry[],
  hostLimits: HostLimits = {},
): ReadonlyMap<OperationEntry, QueuedFetch> {
  const answered = new Set(entries.flatMap((entry) => (entry.kind === "signal" ? [entry.name] : [])));
  const queued = new Map<OperationEntry, QueuedFetch>();
  let requests = 0;
  let requested: { readonly host: string; readonly signal: string } | undefined;
  for (const entry of entries) {
    if (entry.kind !== "operation") continue;
    const queue = queueAcquired(entry.name);
    const host = queue === undefined ? undefined : hostOfQueue(queue);
    if (requested !== undefined && !answered.has(requested.signal)) {
      const { host: of, signal } = requested;
      queued.set(entry, { signal, text: `${of}: ${limitsText(hostLimits[of] ?? {})}` });
    }
    requested =
      queue === undefined || host === undefined ? undefined : { host, signal: slotSignal(queue, requests) };
    if (numbersSlot(entry.name)) requests += 1;
  }
  return queued;
}
