import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Callee, Journal, Pending } from "../../host/journal.ts";
import { isClockReading } from "../../journal/entry-names.ts";
import type { MadeCall } from "../../replay/journal/made-call.ts";
import type { RecordedAnswers } from "../answers/recorded-answers.ts";
import { datedResult, recordedOutcome } from "../answers/recorded-results.ts";
import { createEffects } from "./effects.ts";
import type { Command, Effects } from "./effects.ts";
import { createCancellation, createSignals } from "./external-input.ts";
import { createJournalRecord } from "./journal-record.ts";
import type { EntryResult, JournalEntry, JournalRecord } from "./journal-record.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

/**
 * A journal in memory for one run, which is never replayed. It has the same entries as a journal of Restate, with the same names and in the same order, and its results in the order of arrival.
 */
export interface MemoryJournal extends Journal, Pick<JournalRecord, "entries" | "isAwaitingSignal"> {
  /** Must be called before each command of the workflow; other commands are the driver's own. */
  announce(call: MadeCall): void;
  /** What was delivered to the driver, in order. */
  readonly delivered: readonly JournalEntry[];
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
  /** Answers calls before anything else does. Absent unless the run is on a recording. */
  readonly answers?: RecordedAnswers | undefined;
  /** Called with the recorded outcome of a call. */
  readonly onRecordedCall?: (request: Omit<HandlerCall, "index">, outcome: Outcome) => void;
}

export interface HandlerCall {
  readonly callee: Callee;
  readonly input: JsonValue;
  /** The index of its entry. */
  readonly index: number;
}

export function createMemoryJournal(options: MemoryJournalOptions): MemoryJournal {
  const { clock, send, onChange } = options;
  const record = createJournalRecord(clock, onChange);
  const effects = createEffects(record, clock);
  const signals = createSignals(record, effects);
  const cancellation = createCancellation(record);
  const delivered: JournalEntry[] = [];
  const turn = () => delivered.filter(({ name }) => !isClockReading(name)).length;
  const { enter, announce } = createEntering(record, options.answers, turn);
  const pendingOf = <T>(command: Command) => pendingIn<T>(record, command);
  return {
    entries: record.entries,
    delivered,
    announce,
    isAwaitingSignal: () => record.isAwaitingSignal(),
    run: (name, act) => pendingOf<JsonValue>(runCommand({ record, clock, effects }, enter(name), act)),
    sleep(name, durationMs) {
      const wakesAt = clock.now() + durationMs;
      return pendingOf<void>(effects.timer(enter(name, { wakesAt }), durationMs));
    },
    clock(name) {
      const entry = enter(name);
      const read = (now: number) => record.settle(entry, { value: now }, () => now);
      return pendingOf<number>({ entry, start: () => read(clock.now()) });
    },
    signal: (name, signal) => pendingOf<JsonValue>({ entry: signals.await(enter(name, { signal }), signal) }),
    call(name, callee, input) {
      const entry = enter(name, { isCall: true });
      const command = callCommand({ record, clock, effects }, { entry, callee, input }, options);
      return pendingOf<Outcome>(started(command));
    },
    send(name) {
      const entry = enter(name, { isCall: true });
      const recorded = entry.answer?.value;
      const id = typeof recorded === "string" ? recorded : send();
      record.settle(entry, { value: id }, () => id);
      effects.settled(entry);
      return pendingOf<string>({ entry });
    },
    cancellation: () => pendingOf<void>({ entry: cancellation.entry }),
    race: async (pending) => await race(record, pending, (entry) => void delivered.push(entry)),
    deliver: (signal, value) => signals.deliver(signal, value),
    cancel: () => cancellation.cancel(),
  };
}

/** Makes entries, with the calls and the recorded answers of those that are the workflow's. */
function createEntering(
  record: JournalRecord,
  answers: RecordedAnswers | undefined,
  turn: () => number,
): Pick<JournalRecord, "enter"> & Pick<MemoryJournal, "announce"> {
  let announced: MadeCall | undefined;
  return {
    announce: (call) => void (announced = call),
    enter(name, facts = {}) {
      const call = announced;
      announced = undefined;
      if (call === undefined) return record.enter(name, facts);
      const answer = answers?.take({ ...call, name });
      const own = { call, turn: turn(), ...(answer === undefined ? {} : { answer }) };
      return record.enter(name, { ...facts, ...own });
    },
  };
}

interface Scene {
  readonly record: JournalRecord;
  readonly clock: VirtualClock;
  readonly effects: Effects;
}

function runCommand(
  { record, clock, effects }: Scene,
  entry: JournalEntry,
  act: (signal: AbortSignal) => Promise<JsonValue>,
): Command {
  const settle = (value: JsonValue) => record.settle(entry, { value }, () => value);
  const { answer } = entry;
  if (answer?.isUnanswered === true) return effects.live(entry, unanswered(clock), settle);
  if (answer?.value === undefined) return effects.live(entry, act, settle);
  const { value } = answer;
  return effects.recorded(entry, answer, () => settle(datedResult(value, clock.now())));
}

function callCommand(
  { record, clock, effects }: Scene,
  { entry, callee, input }: Omit<HandlerCall, "index"> & { readonly entry: JournalEntry },
  { call, onRecordedCall }: MemoryJournalOptions,
): Command {
  const settle = (outcome: Outcome) => record.settle(entry, callResult(outcome, callee), () => outcome);
  const { answer, index } = entry;
  if (answer?.isUnanswered === true) return effects.live(entry, unanswered(clock), settle);
  const recorded = answer === undefined ? undefined : recordedOutcome(answer, callee);
  if (answer === undefined || recorded === undefined) {
    return effects.live(entry, async (signal) => await call({ callee, input, index }, signal), settle);
  }
  return effects.recorded(entry, answer, () => {
    const outcome = recorded(clock.now());
    onRecordedCall?.({ callee, input }, outcome);
    settle(outcome);
  });
}

/** Waits until the workflow no longer waits for the answer. */
function unanswered(clock: VirtualClock): (signal: AbortSignal) => Promise<never> {
  return async (signal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    return await clock.park(promise);
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

async function race<T>(
  record: JournalRecord,
  pending: readonly Pending<T>[],
  onDelivered: (entry: JournalEntry) => void,
): Promise<T> {
  const racing = new Map(pending.map((each) => [memoryPending(each).command.entry, memoryPending(each)]));
  for (const { command } of racing.values()) started(command);
  for (;;) {
    const first = record.take(racing);
    const winner = first === undefined ? undefined : racing.get(first.entry);
    if (first !== undefined && winner !== undefined) {
      onDelivered(first.entry);
      return winner.read(first.read());
    }
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
