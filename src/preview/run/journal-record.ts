import type { JsonValue } from "../../base/json.ts";
import type { Failure } from "../../domain/outcome.ts";
import type { MadeCall } from "../../replay/journal/made-call.ts";
import type { TakenAnswer } from "../answers/recorded-answers.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

/** The entries of a journal in memory, in the order of their commands, and their results, in the order of arrival. */
export interface JournalRecord {
  readonly entries: readonly JournalEntry[];
  enter(name: string, facts?: EntryFacts): JournalEntry;
  /** Records a result without delivering it to the driver. */
  close(entry: JournalEntry, result: Omit<EntryResult, "at">): void;
  /** Records the result of an entry once. If the driver still waits for it, it receives the value of `read`. */
  settle(entry: JournalEntry, result: Omit<EntryResult, "at">, read: () => unknown): void;
  /** Delivers a value to the driver that is not the result of an entry. */
  arrive(entry: JournalEntry, read: () => unknown): void;
  /** The driver no longer waits for the entry. */
  forget(entry: JournalEntry): void;
  /** Removes and returns the first arrived result of these entries; of those that arrived at the same time, by rank. */
  take(entries: { has(entry: JournalEntry): boolean }): Arrival | undefined;
  /** Resolves when the next result arrives. */
  nextArrival(): Promise<void>;
  /** Whether the run waits for external input. */
  isAwaitingSignal(): boolean;
}

export interface JournalEntry {
  /** Its index in the journal, where results have indexes too. */
  readonly index: number;
  readonly name: string;
  /** Time of the virtual clock. */
  readonly at: number;
  /** Whether it calls another handler. */
  readonly isCall: boolean;
  /** When a sleep ends. */
  readonly wakesAt?: number;
  /** The signal it waits for, if any. */
  readonly signal?: string;
  /** Absent for commands of the driver itself. */
  readonly call?: MadeCall;
  /** The number of results that had been delivered when it was made. */
  readonly turn: number;
  /** What the recording of the run answers. */
  readonly answer?: TakenAnswer;
  /** True if the user or a mock response answered it. */
  isWritten?: true;
  /** How often its effect was started. */
  starts: number;
  result?: EntryResult;
  /** The driver no longer waits for it. */
  isDropped: boolean;
}

type EntryFacts = Partial<Pick<JournalEntry, "isCall" | "wakesAt" | "signal" | "call" | "turn" | "answer">>;

export interface EntryResult {
  readonly at: number;
  /** `undefined` for a void result. */
  readonly value?: JsonValue;
  /** The failure of a call. */
  readonly failure?: Failure;
}

export interface Arrival {
  readonly entry: JournalEntry;
  /** Time of the virtual clock. */
  readonly at: number;
  /** Returns the value for the driver. */
  readonly read: () => unknown;
}

/** The first entries of Restate's journals are the input, the version and the seed. */
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
      const given = { isCall: false, isDropped: false, turn: 0, starts: 0, ...facts };
      const entry: JournalEntry = { index: nextIndex, name, at, ...given };
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
      arrivals.add({ entry, at: clock.now(), read });
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
      const first = firstOf(arrivals, wanted);
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

/** The first arrival, unless a recording has another one first among those of the same time. */
function firstOf(
  arrivals: ReadonlySet<Arrival>,
  wanted: { has(entry: JournalEntry): boolean },
): Arrival | undefined {
  let first: Arrival | undefined;
  for (const arrival of arrivals) {
    if (first !== undefined && arrival.at > first.at) break;
    if (!wanted.has(arrival.entry)) continue;
    if (first === undefined || rankOf(arrival) < rankOf(first)) first = arrival;
  }
  return first;
}

function rankOf({ entry }: Arrival): number {
  return entry.answer?.rank ?? Infinity;
}
