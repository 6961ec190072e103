import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Callee, Journal, Pending } from "../../host/journal.ts";
import { abandonedWaitValue } from "../../journal/steps.ts";
import { createJournalRecord } from "./journal-record.ts";
import type { EntryResult, JournalEntry, JournalRecord } from "./journal-record.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * A journal in memory for one run, which is never replayed. It has the same entries as a journal of Restate, with the same names and in the same order, and its results in the order of arrival.
 */
export interface MemoryJournal extends Journal, Pick<JournalRecord, "entries" | "isAwaitingSignal"> {
  /** Delivers external input, which is kept until the workflow waits for it. */
  deliver(signal: string, value: JsonValue): void;
  cancel(): void;
}

export interface MemoryJournalOptions {
  readonly clock: VirtualClock;
  /** Replaces calls of other handlers. `signal` aborts when the caller no longer waits. */
  readonly call: (request: HandlerCall, signal: AbortSignal) => Promise<Outcome>;
  /** Returns the ID of the started execution. */
  readonly send: () => string;
  readonly onChange: (entry: JournalEntry) => void;
}

export interface HandlerCall {
  readonly callee: Callee;
  readonly input: JsonValue;
  /** The index of its entry. */
  readonly index: number;
}

/** A command of an entry. */
interface Command {
  readonly entry: JournalEntry;
  /** For a command that starts with its first race; removed once it has started. */
  start?: (() => void) | undefined;
  readonly drop?: () => void;
}

export function createMemoryJournal({ clock, call, send, onChange }: MemoryJournalOptions): MemoryJournal {
  const record = createJournalRecord(clock, onChange);
  const signals = createSignals(record);
  const cancellation = createCancellation(record);
  const pendingOf = <T>(command: Command) => pendingIn<T>(record, command);
  return {
    entries: record.entries,
    isAwaitingSignal: () => record.isAwaitingSignal(),
    run(name, act) {
      const entry = record.enter(name);
      const done = (value: JsonValue) => record.settle(entry, { value }, () => value);
      return pendingOf<JsonValue>(effect({ record, clock, entry }, act, done));
    },
    sleep(name, durationMs) {
      const wakesAt = clock.now() + durationMs;
      return pendingOf<void>(timer({ record, clock, entry: record.enter(name, { wakesAt }) }, wakesAt));
    },
    clock(name) {
      const entry = record.enter(name);
      const read = (now: number) => record.settle(entry, { value: now }, () => now);
      return pendingOf<number>({ entry, start: () => read(clock.now()) });
    },
    signal: (name, signal) => pendingOf<JsonValue>({ entry: signals.await(name, signal) }),
    call(name, callee, input) {
      const entry = record.enter(name, { isCall: true });
      const act = async (signal: AbortSignal) => await call({ callee, input, index: entry.index }, signal);
      const done = (outcome: Outcome) => record.settle(entry, callResult(outcome, callee), () => outcome);
      return pendingOf<Outcome>(started(effect({ record, clock, entry }, act, done)));
    },
    send(name) {
      const entry = record.enter(name, { isCall: true });
      const id = send();
      record.settle(entry, { value: id }, () => id);
      return pendingOf<string>({ entry });
    },
    cancellation: () => pendingOf<void>({ entry: cancellation.entry }),
    race: async (pending) => await race(record, pending),
    deliver: (signal, value) => signals.deliver(signal, value),
    cancel: () => cancellation.cancel(),
  };
}

interface Scene {
  readonly record: JournalRecord;
  readonly clock: VirtualClock;
  readonly entry: JournalEntry;
}

/** A dropped effect has no result, even if dropping made it fail. Any other failed effect ends the run. */
function effect<T>(
  { record, clock, entry }: Scene,
  act: (signal: AbortSignal) => Promise<T>,
  done: (value: T) => void,
): Command {
  const dropped = new AbortController();
  const run = async (): Promise<void> => {
    using _work = clock.work();
    try {
      const value = await act(dropped.signal);
      if (!dropped.signal.aborted) done(value);
    } catch (error) {
      if (!dropped.signal.aborted) record.arrive(entry, () => rethrow(error));
    }
  };
  return {
    entry,
    start: () => void run(),
    drop: () => dropped.abort(new Error("The run no longer waits for this effect")),
  };
}

function rethrow(error: unknown): never {
  throw error;
}

/** A dropped timer stays scheduled but becomes inactive, so that time is not skipped to reach it. */
function timer({ record, clock, entry }: Scene, time: number): Command {
  const scheduled = clock.schedule(time, () => record.settle(entry, {}, () => undefined));
  return {
    entry,
    drop: () => {
      scheduled.isActive = false;
    },
  };
}

/** Calls start immediately, without a race. */
function started(command: Command): Command {
  command.start?.();
  command.start = undefined;
  return command;
}

/** A failed execution has its full failure, other handlers only a message. */
function callResult(outcome: Outcome, { object }: Callee): Omit<EntryResult, "at"> {
  if (outcome.ok) return { value: outcome.value };
  const { error } = outcome;
  return { failure: object === "Workflow" ? error : { name: "Error", message: error.message } };
}

/** External input by signal name, which may arrive before or after the workflow waits for it. */
function createSignals(record: JournalRecord) {
  const values = new Map<string, JsonValue>();
  const waits = new Map<string, JournalEntry>();

  function receive(entry: JournalEntry, value: JsonValue): void {
    record.settle(entry, { value: { ok: true, ...Object(value) } }, () => value);
  }

  return {
    /** A new wait for the same signal replaces the previous one. */
    await(name: string, signal: string): JournalEntry {
      const before = waits.get(signal);
      if (before !== undefined && before.result === undefined)
        record.close(before, { value: abandonedWaitValue });
      const entry = record.enter(name, { signal });
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
function createCancellation(record: JournalRecord) {
  const entry: JournalEntry = { index: -1, name: "cancellation", at: 0, isCall: false, isDropped: false };
  let isCancelled = false;
  return {
    entry,
    cancel(): void {
      if (!isCancelled) record.arrive(entry, () => undefined);
      isCancelled = true;
    },
  };
}

async function race<T>(record: JournalRecord, pending: readonly Pending<T>[]): Promise<T> {
  const racing = new Map(pending.map((each) => [memoryPending(each).command.entry, memoryPending(each)]));
  for (const { command } of racing.values()) started(command);
  for (;;) {
    const first = record.take(racing);
    const winner = first === undefined ? undefined : racing.get(first.entry);
    if (first !== undefined && winner !== undefined) return winner.read(first.read());
    await record.nextArrival();
  }
}

interface MemoryPending<T> extends Pending<T> {
  readonly command: Command;
  readonly read: (value: unknown) => T;
}

function memoryPending<T>(pending: Pending<T>): MemoryPending<T> {
  return pending as MemoryPending<T>;
}

function pendingIn<T>(record: JournalRecord, command: Command): MemoryPending<T> {
  const drop = (): void => {
    record.forget(command.entry);
    command.drop?.();
  };
  const reading = <U>(read: (value: unknown) => U): MemoryPending<U> => ({
    command,
    read,
    map: (transform) => reading((value) => transform(read(value))),
    drop,
    withdraw: async () => drop(),
  });
  return reading((value) => value as T);
}
