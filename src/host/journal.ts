import type { JsonValue } from "../domain/json.ts";

/**
 * The port through which the driver reaches a durable journal. `services/journal.ts` implements it over
 * Restate, the tests with a script.
 *
 * The contract that makes an execution replay:
 *
 * 1. The same sequence of `run`, `sleep`, `clock` and `cancellation` calls, with the same names, is made on every
 *    replay. Each is one command of the journal.
 * 2. `race` answers with the result that the journal holds first, and with the same one on every replay.
 * 3. An effect runs at least once until its result is journaled, and never again after that.
 * 4. `race` never rejects because of an effect: an effect that can fail says so in its result. A rejection
 *    means that this attempt is over.
 * 5. An effect whose `signal` aborted may reject with the signal's reason. Nobody waits for it: it must not
 *    fail the attempt when the promise was dropped, nor be journaled when the attempt ended.
 */
export interface Journal {
  /**
   * An effect whose result is journaled under a name that people read. `effect` starts when the promise
   * first takes part in a race. `signal` aborts when the attempt ends or the promise is dropped.
   */
  run(name: string, effect: (signal: AbortSignal) => Promise<JsonValue>): Pending<JsonValue>;

  /** A durable timer. */
  sleep(name: string, durationMs: number): Pending<void>;

  /** Reads the host's clock: milliseconds since the Unix epoch, journaled under a name that people read. */
  clock(name: string): Pending<number>;

  /** Resolves when somebody cancels the execution: an event with a place in the journal's order. */
  cancellation(): Pending<void>;

  /** The first result among `pending`, in the journal's order. */
  race<T>(pending: readonly Pending<T>[]): Promise<T>;
}

/** A result that the journal will hold. It is no thenable: only `race` waits. */
export interface Pending<T> {
  map<U>(transform: (value: T) => U): Pending<U>;
  /** The result is no longer wanted: aborts the effect's `signal`. What is journaled stays so. */
  drop(): void;
}
