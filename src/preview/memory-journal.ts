import type { JsonValue } from "../domain/json.ts";
import { failureText } from "../domain/outcome.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Callee, Journal, Pending } from "../host/journal.ts";
import { givenUpValue } from "../host/steps.ts";
import type { Alarm, VirtualClock } from "./virtual-clock.ts";

/**
 * A journal in memory, for one run that nothing will replay. It has the entries that Restate's would have, with the
 * same names and in the same order, and its results in the order of their arrival.
 */
export interface MemoryJournal extends Journal {
  /** What was asked for, in this order. */
  readonly entries: readonly JournalEntry[];
  /** Hands over what others send: kept until it is asked for. */
  deliver(signal: string, value: JsonValue): void;
  cancel(): void;
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
  readonly wakesAt?: number;
  readonly signal?: string;
  result?: EntryResult;
  /** Nobody waits for it any more. */
  isDropped: boolean;
}

export interface EntryResult {
  readonly at: number;
  /** `undefined` where it is void. */
  readonly value?: JsonValue;
  /** Of a call that failed. */
  readonly failure?: { readonly message: string };
}

export interface MemoryJournalOptions {
  readonly clock: VirtualClock;
  /** Answers what Restate's other handlers would: `signal` aborts when nobody waits any more. */
  readonly call: (request: HandlerCall, signal: AbortSignal) => Promise<Outcome>;
  readonly send: (request: HandlerCall, delayMs: number) => string;
  readonly onChange: (entry: JournalEntry | undefined) => void;
}

export interface HandlerCall {
  readonly callee: Callee;
  readonly input: JsonValue;
  /** Of its entry. */
  readonly index: number;
}

/** An entry with what drives it. */
interface Command {
  readonly entry: JournalEntry;
  /** Begins what takes part in a race for the first time. */
  begin?: (() => void) | undefined;
  readonly drop: () => void;
  /** What the driver gets. */
  readonly read: (raw: unknown) => unknown;
}

interface Arrival {
  readonly command: Command;
  readonly raw: unknown;
}

/** Restate's journals begin with the input, the version and the seed. */
const firstIndex = 3;

export function createMemoryJournal(options: MemoryJournalOptions): MemoryJournal {
  const { clock, onChange } = options;
  const entries: JournalEntry[] = [];
  const signals = new Map<string, { value?: JsonValue; waiting?: Command }>();
  /** Results that were not delivered, in the order of their arrival. */
  const arrivals = new Set<Arrival>();
  const openWaits = new Set<JournalEntry>();
  let nextIndex = firstIndex;
  let arrived: (() => void) | undefined;
  let cancellation: Command | undefined;
  let isCancelled = false;

  function enter(
    name: string,
    facts: Partial<Pick<JournalEntry, "isCall" | "wakesAt" | "signal">> = {},
  ): JournalEntry {
    const entry = {
      index: nextIndex++,
      name,
      at: clock.now(),
      isCall: false,
      isDropped: false,
      ...facts,
    };
    entries.push(entry);
    onChange(entry);
    return entry;
  }

  /** Journals a result; where it is waited for, the driver gets it in its turn. */
  function settle(command: Command, raw: unknown, result: Omit<EntryResult, "at">): void {
    const { entry } = command;
    if (entry.result !== undefined) return;
    openWaits.delete(entry);
    entry.result = { at: clock.now(), ...result };
    nextIndex += 1;
    onChange(entry);
    if (!entry.isDropped) arrive(command, raw);
  }

  function arrive(command: Command, raw: unknown): void {
    arrivals.add({ command, raw });
    clock.setGuestWaiting(false);
    arrived?.();
  }

  /** An effect that is dropped, or fails because it was, has no result. */
  function effect<T>(
    entry: JournalEntry,
    act: (signal: AbortSignal) => Promise<T>,
    done: Settle<T>,
  ): Command {
    const dropped = new AbortController();
    const run = async (): Promise<void> => {
      using _work = clock.work();
      try {
        const value = await act(dropped.signal);
        if (!dropped.signal.aborted) done(command, value);
      } catch (error) {
        if (!dropped.signal.aborted) arrive({ ...command, read: () => rethrow(error) }, undefined);
      }
    };
    const command: Command = {
      entry,
      begin: () => void run(),
      drop: () => dropped.abort(new Error("Nobody waits any more")),
      read: (raw) => raw,
    };
    return command;
  }

  function timer(entry: JournalEntry, time: number): Command {
    let alarm: Alarm | undefined;
    const command: Command = {
      entry,
      // Time goes on for a timer that nobody waits for, and it keeps nobody waiting.
      drop: () => {
        if (alarm !== undefined) alarm.isWanted = false;
      },
      read: () => undefined,
    };
    alarm = clock.alarm(time, () => settle(command, undefined, {}));
    return command;
  }

  function awaitSignal(entry: JournalEntry, name: string): Command {
    const command: Command = { entry, drop: () => {}, read: (raw) => raw };
    const known = signals.get(name) ?? {};
    const before = known.waiting?.entry;
    if (before !== undefined && before.result === undefined) {
      before.result = { at: clock.now(), value: givenUpValue };
      openWaits.delete(before);
      onChange(before);
    }
    signals.set(name, { ...known, waiting: command });
    openWaits.add(entry);
    if (known.value !== undefined) receive(command, known.value);
    return command;
  }

  function receive(command: Command, value: JsonValue): void {
    settle(command, value, { value: { ok: true, ...Object(value) } });
  }

  async function race<T>(pending: readonly Pending<T>[]): Promise<T> {
    const racing = new Map(pending.map((each) => [memoryPending(each).command.entry, memoryPending(each)]));
    for (const { command } of racing.values()) {
      command.begin?.();
      command.begin = undefined;
    }
    for (;;) {
      const first = arrivals.values().find(({ command }) => racing.has(command.entry));
      if (first !== undefined) return deliver(first, racing);
      const { promise, resolve } = Promise.withResolvers<void>();
      arrived = resolve;
      clock.setGuestWaiting(true);
      await promise;
    }
  }

  function deliver<T>(first: Arrival, racing: ReadonlyMap<JournalEntry, MemoryPending<T>>): T {
    arrivals.delete(first);
    const winner = racing.get(first.command.entry);
    if (winner === undefined) throw new Error("A race was won by nobody who took part");
    return winner.read(first.command.read(first.raw));
  }

  function forget({ entry }: Command): void {
    entry.isDropped = true;
    openWaits.delete(entry);
    for (const arrival of arrivals) if (arrival.command.entry === entry) arrivals.delete(arrival);
  }

  function pendingOf<T>(command: Command): MemoryPending<T> {
    const drop = (): void => {
      forget(command);
      command.drop();
      onChange(undefined);
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

  return {
    entries,
    run(name, act) {
      const command = effect(enter(name), act, (settled, value) => settle(settled, value, { value }));
      return pendingOf<JsonValue>(command);
    },
    sleep(name, durationMs) {
      const wakesAt = clock.now() + durationMs;
      return pendingOf<void>(timer(enter(name, { wakesAt }), wakesAt));
    },
    clock(name) {
      const command: Command = { entry: enter(name), drop: () => {}, read: (raw) => raw };
      command.begin = () => settle(command, clock.now(), { value: clock.now() });
      return pendingOf<number>(command);
    },
    signal: (name, signal) => pendingOf<JsonValue>(awaitSignal(enter(name, { signal }), signal)),
    call(name, callee, input) {
      const entry = enter(name, { isCall: true });
      const act = async (signal: AbortSignal) =>
        await options.call({ callee, input, index: entry.index }, signal);
      return pendingOf<Outcome>(
        begun(
          effect(entry, act, (command, outcome) => settle(command, outcome, callResult(outcome, callee))),
        ),
      );
    },
    send(name, callee, input, delayMs) {
      const entry = enter(name, { isCall: true });
      const command: Command = { entry, drop: () => {}, read: (raw) => raw };
      const id = options.send({ callee, input, index: entry.index }, delayMs);
      settle(command, id, { value: id });
      return pendingOf<string>(command);
    },
    cancellation() {
      const entry = { index: -1, name: "cancellation", at: 0, isCall: false, isDropped: false };
      cancellation = { entry, drop: () => {}, read: () => undefined };
      if (isCancelled) arrive(cancellation, undefined);
      return pendingOf<void>(cancellation);
    },
    race,
    deliver(signal, value) {
      const known = signals.get(signal);
      signals.set(signal, { ...known, value });
      if (known?.waiting !== undefined) receive(known.waiting, value);
    },
    cancel() {
      if (isCancelled) return;
      isCancelled = true;
      if (cancellation !== undefined) arrive(cancellation, undefined);
    },
    isAwaitingSignal: () => openWaits.size > 0,
  };
}

type Settle<T> = (command: Command, value: T) => void;

interface MemoryPending<T> extends Pending<T> {
  readonly command: Command;
  readonly read: (value: unknown) => T;
}

function memoryPending<T>(pending: Pending<T>): MemoryPending<T> {
  return pending as MemoryPending<T>;
}

/** A call is under way as soon as it is asked for. */
function begun(command: Command): Command {
  command.begin?.();
  command.begin = undefined;
  return command;
}

/** An execution that failed says it whole, and others in a sentence. */
function callResult(outcome: Outcome, { object }: Callee): Omit<EntryResult, "at"> {
  if (outcome.ok) return { value: outcome.value };
  const { error } = outcome;
  return { failure: { message: object === "Workflow" ? failureText(error) : error.message } };
}

function rethrow(error: unknown): never {
  throw error;
}
