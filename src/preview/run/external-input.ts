import type { JsonValue } from "../../base/json.ts";
import { abandonedWaitValue } from "../../journal/steps.ts";
import type { Effects } from "./effects.ts";
import type { JournalEntry, JournalRecord } from "./journal-record.ts";

/** External input by signal name, which may arrive before or after the workflow waits for it. */
export function createSignals(record: JournalRecord, effects: Effects) {
  const values = new Map<string, JsonValue>();
  const waits = new Map<string, JournalEntry>();

  function receive(entry: JournalEntry, value: JsonValue): void {
    record.settle(entry, { value: { ok: true, ...Object(value) } }, () => value);
    effects.settled(entry);
  }

  return {
    /** A new wait for the same signal replaces the previous one. */
    await(entry: JournalEntry, signal: string): JournalEntry {
      const before = waits.get(signal);
      if (before !== undefined && before.result === undefined)
        record.close(before, { value: abandonedWaitValue });
      waits.set(signal, entry);
      const value = values.get(signal);
      if (value !== undefined) receive(entry, value);
      return entry;
    },
    deliver(signal: string, value: JsonValue): void {
      values.set(signal, value);
      const waiting = waits.get(signal);
      if (waiting !== undefined) receive(waiting, value);
    },
  };
}

/** Arrives in order like a result but has no visible entry. */
export function createCancellation(record: JournalRecord) {
  const given = { isCall: false, isDropped: false, turn: 0, starts: 0 };
  const entry: JournalEntry = { index: -1, name: "cancellation", at: 0, ...given };
  let isCancelled = false;
  return {
    entry,
    cancel(): void {
      if (!isCancelled) record.arrive(entry, () => undefined);
      isCancelled = true;
    },
  };
}
