import type { JsonValue } from "../base/json.ts";
import type { QueueLimits } from "../domain/flow/queue-limits.ts";
import type { Outcome } from "../domain/outcome.ts";

/**
 * The port through which the driver uses a durable journal. `restate/endpoint/restate-journal.ts` implements it over
 * Restate, and `host/testing/scripted-journal.ts` for tests.
 *
 * The contract that makes an execution replay:
 *
 * 1. Every replay makes the same calls except `race`, in the same order and with the same names. Each call is one command
 *    of the journal.
 * 2. `race` resolves with the result that is first in the journal, and with the same one in every replay.
 * 3. An effect runs at least once until its result is journaled, and never again after that.
 * 4. `race` never rejects because of an effect: an effect that can fail reports it in its result. A rejection means that
 *    this attempt has ended.
 * 5. An effect whose `signal` is aborted may reject with the signal's reason. No caller waits for it then: the rejection
 *    must not fail the attempt if the promise was dropped, and must not be journaled if the attempt has ended.
 */
export interface Journal {
  /**
   * Runs an effect and journals its result under a human-readable name. `effect` starts when the promise first takes part
   * in a race. `signal` aborts when the attempt ends or the promise is dropped.
   *
   * With a `slot`, `effect` starts only when the queue of the host has answered, and the slot is released when the result is
   * delivered or the promise is withdrawn. A journal without queues starts it without an answer.
   */
  run(name: string, effect: Effect, slot?: HostSlotRequest): Pending<JsonValue>;

  /** Starts a durable timer. */
  sleep(name: string, durationMs: number): Pending<void>;

  /** Reads the host's clock and journals it: milliseconds since the Unix epoch. */
  clock(name: string): Pending<number>;

  /**
   * Waits for a signal, which may be sent to the execution before or after this call. Waiting again for a signal whose value
   * was not delivered returns the same one.
   *
   * @param name the human-readable name of the wait
   * @param signal the name of the signal
   */
  signal(name: string, signal: string): Pending<JsonValue>;

  /** Calls a handler, and waits for its result or failure. Withdrawing the call cancels the callee. */
  call(name: string, callee: Callee, input: JsonValue): Pending<Outcome>;

  /** Calls a handler without waiting, now or after a time. Resolves to the id of its invocation. */
  send(name: string, callee: Callee, input: JsonValue, delayMs: number): Pending<string>;

  /** Resolves when the execution is cancelled: an event with a position in the journal. */
  cancellation(): Pending<void>;

  /** The first result among `pending`, in the journal's order. */
  race<T>(pending: readonly Pending<T>[]): Promise<T>;
}

export type Effect = (signal: AbortSignal, answer?: HostSlotAnswer) => Promise<JsonValue>;

/** Requests a slot of a host's queue. */
export interface HostSlotRequest {
  readonly host: string;
  readonly limits: QueueLimits;
}

export interface HostSlotAnswer {
  /** False if an operator purged the queue: the effect must fail. */
  readonly isGranted: boolean;
  /** When the queue answered, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A future result of the journal. It is deliberately not a thenable: only `race` waits. */
export interface Pending<T> {
  map<U>(transform: (value: T) => U): Pending<U>;
  /** Discards the result and aborts the effect's `signal`. A journaled result stays in the journal. */
  drop(): void;
  /**
   * As `drop`, and cancels the callee of a call. The cancellation is a command with a position in the journal, so the caller
   * must not make another call until this resolves.
   */
  withdraw(): Promise<void>;
}

/** A handler of a Virtual Object. */
export interface Callee {
  readonly object: "Workflow" | "WorkflowState";
  /** The id of a workflow. */
  readonly key: string;
  readonly handler: string;
}
