import type { JsonValue } from "../../base/json.ts";
import type { Failure } from "../../domain/outcome.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What a journal in memory holds: what was asked for, in this order, and what came of it, in the order of arrival. */
export interface JournalRecord {
  readonly entries: readonly JournalEntry[];
  enter(name: string, facts?: EntryFacts): JournalEntry;
  /** Records a result that the driver does not get. */
  close(entry: JournalEntry, result: Omit<EntryResult, "at">): void;
  /** Records a result, once. Where somebody waits for it still, they get what `read` answers. */
  settle(entry: JournalEntry, result: Omit<EntryResult, "at">, read: () => unknown): void;
  /** Hands the driver something that is no result of an entry's own. */
  arrive(entry: JournalEntry, read: () => unknown): void;
  /** Nobody waits any more. */
  forget(entry: JournalEntry): void;
  /** Takes the first of these that has arrived. */
  take(entries: { has(entry: JournalEntry): boolean }): Arrival | undefined;
  /** Resolves when something arrives. */
  nextArrival(): Promise<void>;
  /** Whether something that others send is waited for. */
  isAwaitingSignal(): boolean;
}

export interface JournalEntry {
  /** Its place in the journal, in which results have places of their own. */
  readonly index: number;
  readonly name: string;
  /** By the virtual clock. */
  readonly at: number;
  /** Another handler was called. */
  readonly isCall: boolean;
  /** When a sleep is over. */
  readonly wakesAt?: number;
  /** What it waits for, where that is sent by others. */
  readonly signal?: string;
  result?: EntryResult;
  /** Nobody waits for it any more. */
  isDropped: boolean;
}

type EntryFacts = Partial<Pick<JournalEntry, "isCall" | "wakesAt" | "signal">>;

export interface EntryResult {
  readonly at: number;
  /** `undefined` where it is void. */
  readonly value?: JsonValue;
  /** Of a call that failed. */
  readonly failure?: Failure;
}

export interface Arrival {
  readonly entry: JournalEntry;
  /** What the driver gets. */
  readonly read: () => unknown;
}

/** Restate's journals begin with the input, the version and the seed. */
const firstIndex = 3;

export function createJournalRecord(
  clock: VirtualClock,
  onChange: (entry: JournalEntry) => void,
): JournalRecord {
  const entries: JournalEntry[] = [];
  const arrivals = new Set<Arrival>();
  const openWaits = new Set<JournalEntry>();
  let nextIndex = firstIndex;
  let arrived: (() => void) | undefined;

  const record: JournalRecord = {
    entries,
    enter(name, facts = {}) {
      const at = clock.now();
      const entry: JournalEntry = { index: nextIndex, name, at, isCall: false, isDropped: false, ...facts };
      nextIndex += 1;
      entries.push(entry);
      if (entry.signal !== undefined) openWaits.add(entry);
      onChange(entry);
      return entry;
    },
    close(entry, result) {
      entry.result ??= { at: clock.now(), ...result };
      openWaits.delete(entry);
      onChange(entry);
    },
    settle(entry, result, read) {
      if (entry.result !== undefined) return;
      record.close(entry, result);
      nextIndex += 1;
      if (!entry.isDropped) record.arrive(entry, read);
    },
    arrive(entry, read) {
      arrivals.add({ entry, read });
      clock.setGuestWaiting(false);
      arrived?.();
    },
    forget(entry) {
      entry.isDropped = true;
      openWaits.delete(entry);
      for (const arrival of arrivals) if (arrival.entry === entry) arrivals.delete(arrival);
      onChange(entry);
    },
    take(wanted) {
      const first = arrivals.values().find(({ entry }) => wanted.has(entry));
      if (first !== undefined) arrivals.delete(first);
      return first;
    },
    async nextArrival() {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrived = resolve;
      clock.setGuestWaiting(true);
      await promise;
    },
    isAwaitingSignal: () => openWaits.size > 0,
  };
  return record;
}
