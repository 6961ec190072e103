import { hostOfQueue } from "../../domain/flow/queue-id.ts";
import { continueSlotEntry, numbersSlot, queueAcquired } from "../../journal/entry-names.ts";
import { slotSignal } from "../../journal/signals.ts";
import type { QueueId } from "../../domain/ids.ts";
import type { JournalEntry, OperationEntry } from "../journal-entries.ts";

/** The places in a journal at which the execution received slots of queues. */
export interface SlotArrivals {
  /** For the answer of a host's queue, by the name of its signal: the command of the fetch. */
  readonly fetches: ReadonlyMap<string, OperationEntry>;
  /**
   * The entries up to which the execution waited for slots that it had released while it waited: the answer for the last one, or
   * the cancellation.
   */
  readonly returns: ReadonlySet<JournalEntry>;
}

export function readSlotArrivals(entries: readonly JournalEntry[]): SlotArrivals {
  const operations = entries.filter((entry) => entry.kind === "operation");
  const places = new Map(
    entries.flatMap((entry, place) => (entry.kind === "signal" ? [[entry.name, place]] : [])),
  );
  const cancelledAt = entries.findIndex(({ kind }) => kind === "cancellation");
  const fetches = new Map<string, OperationEntry>();
  const returns = new Set<JournalEntry>();
  let number = 0;
  for (const [at, { name }] of operations.entries()) {
    if (!numbersSlot(name)) continue;
    const next = operations[at + 1];
    const queue = queueAcquired(name);
    const signal = slotSignal(queue ?? continuedQueue(name), number);
    number += 1;
    // The command of a fetch follows its request for a slot.
    if (queue !== undefined && hostOfQueue(queue) !== undefined && next !== undefined)
      fetches.set(signal, next);
    if (queue !== undefined || isContinue(next)) continue;
    const answeredAt = places.get(signal) ?? Infinity;
    const returned = entries[cancelledAt < 0 ? answeredAt : Math.min(answeredAt, cancelledAt)];
    if (returned !== undefined) returns.add(returned);
  }
  return { fetches, returns };
}

/** Slots that the execution requested together were granted in their order. */
function isContinue(entry: OperationEntry | undefined): boolean {
  return entry?.name.startsWith(continueSlotEntry("")) === true;
}

function continuedQueue(name: string): QueueId {
  return name.slice(continueSlotEntry("").length) as QueueId;
}
