import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { ResultKind } from "../../host/delivery-order.ts";
import type { Callee, Journal, Pending } from "../../host/journal.ts";
import { cancellationGracePeriodEntry, cancelledEntry, gracePeriodEntry } from "../../journal/entry-names.ts";
import type { Recording } from "../../recordings/recording.ts";
import { callKey, cancellationKey, createArrivals, signalKey, timerKey } from "./arrivals.ts";
import type { Arrivals } from "./arrivals.ts";
import { Divergence } from "./divergence.ts";
import type { MadeCall, MatchedCall } from "./made-call.ts";
import type { Matcher } from "./matching.ts";
import { readOutcome, resultOf } from "./recorded-result.ts";
import { pendingFrom, sourceOf, transformed } from "./replay-pending.ts";
import type { Source } from "./replay-pending.ts";

/**
 * A journal over a recording: each command receives the recorded result of the call that the matcher assigns to it, and the
 * results arrive in the recorded order. It has no effects.
 *
 * 1. The calls of a turn are matched together at the next race, or at the end, because only then are all of them known.
 * 2. A race that the recording cannot continue rejects with a `Divergence`, which ends the replay.
 * 3. The slots of flow control are not requested. The recording says up to where the execution waited for them.
 */
export class RecordedJournal implements Journal {
  /** The calls that the workflow has made, in order. */
  readonly made: MatchedCall[] = [];
  /** What was delivered, in order: the number of a call, or undefined for anything else. */
  readonly delivered: (number | undefined)[] = [];
  /** For each reading of the clock, the call whose result was delivered before it. */
  readonly clockReads: (number | undefined)[] = [];
  readonly #recording: Recording;
  readonly #matcher: Matcher;
  readonly #arrivals: Arrivals;
  #announced: MadeCall | undefined;
  #unmatchedFrom = 0;
  #isCancelled = false;

  constructor(recording: Recording, matcher: Matcher) {
    this.#recording = recording;
    this.#matcher = matcher;
    this.#arrivals = createArrivals(recording);
  }

  /** Must be called before each command of the workflow; other commands are the driver's own. */
  announce(call: MadeCall): void {
    this.#announced = call;
  }

  /**
   * Matches the calls since the last race.
   *
   * @throws {Divergence}
   */
  finish(): void {
    const calls = this.made.slice(this.#unmatchedFrom);
    this.#unmatchedFrom = this.made.length;
    this.#matcher.match(calls);
  }

  run(name: string): Pending<JsonValue> {
    return this.#command(name, { kind: "run", isPassive: false, read: (value) => value });
  }

  sleep(name: string): Pending<void> {
    return this.#command<void>(name, { kind: "sleep", isPassive: true, read: () => undefined });
  }

  signal(name: string, signal: string): Pending<JsonValue> {
    return this.#command(name, { kind: "signal", isPassive: true, signal, read: (value) => value });
  }

  call(name: string, { object }: Callee): Pending<Outcome> {
    return this.#command(name, { kind: "call", isPassive: object === "Workflow", read: readOutcome });
  }

  send(name: string): Pending<string> {
    return this.#command(name, { kind: "send", isPassive: false, read: (value) => z.string().parse(value) });
  }

  clock(name: string): Pending<number> {
    const read = () => this.#readClock(name) ?? this.#recording.start.now;
    return pendingFrom<number>({ kind: "run", isPassive: false, isClock: true, key: () => "", read });
  }

  cancellation(): Pending<void> {
    return pendingFrom<void>({
      kind: "cancellation",
      isPassive: true,
      key: () => cancellationKey,
      read: () => undefined,
    });
  }

  async race<T>(pending: readonly Pending<T>[]): Promise<T> {
    const racing = pending.map(sourceOf);
    const [only] = racing;
    if (racing.length === 1 && only?.isClock === true) return only.read();
    this.finish();
    const key = this.#arrivals.deliver(racing.map((source) => ({ kind: source.kind, key: source.key() })));
    const winner = racing.find((source) => (key === undefined ? source.isGrace : source.key() === key));
    if (winner === undefined) throw exhausted(racing);
    const value = winner.read();
    this.#isCancelled ||= key === cancellationKey;
    this.delivered.push(winner.call?.number);
    // An execution that releases its slots while it only waits has requested them again here.
    if (!this.#isCancelled && racing.every(({ isPassive }) => isPassive)) this.#arrivals.takeSlots();
    return value;
  }

  #readClock(name: string): number | undefined {
    if (name === cancelledEntry) return this.#arrivals.readCancelledAt();
    const after = this.delivered.at(-1);
    this.clockReads.push(after);
    return this.#arrivals.readClock(after);
  }

  #command<T>(
    name: string,
    {
      kind,
      isPassive,
      read,
      signal,
    }: {
      readonly kind: ResultKind;
      readonly isPassive: boolean;
      readonly read: (value: JsonValue) => T;
      readonly signal?: string;
    },
  ): Pending<T> {
    if (this.#announced === undefined) return driversTimer(name) as Pending<T>;
    const { stack, ...call } = this.#announced;
    this.#announced = undefined;
    const matched: MatchedCall = { call: { ...call, name }, stack, turn: this.delivered.length };
    this.made.push(matched);
    const result = () => resultOf(this.#recording, { name, number: matched.number, signal });
    return pendingFrom<T>({
      kind,
      isPassive,
      call: matched,
      key: () => keyOf(matched, signal),
      read: () => transformed(result(), read),
      withdraw: () => {
        if (matched.number !== undefined) this.#arrivals.takeInvocation(matched.number);
      },
    });
  }
}

function driversTimer(name: string): Pending<unknown> {
  const isGrace = name === gracePeriodEntry || name === cancellationGracePeriodEntry;
  return pendingFrom<undefined>({
    kind: "sleep",
    isPassive: true,
    isGrace,
    key: () => timerKey(name),
    read: () => undefined,
  });
}

function keyOf({ number }: MatchedCall, signal: string | undefined): string {
  if (signal !== undefined) return signalKey(signal);
  return number === undefined ? "" : callKey(number);
}

function exhausted(racing: readonly Source<unknown>[]): Divergence {
  return new Divergence({
    kind: "exhausted",
    waiting: racing.flatMap(({ call }) => (call === undefined ? [] : [call])),
  });
}
