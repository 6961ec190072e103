import type { JsonValue } from "../base/json.ts";
import type { Outcome } from "../domain/outcome.ts";

/**
 * The port through which the driver reaches a durable journal. `restate/endpoint/restate-journal.ts` implements it over
 * Restate, the tests with a script.
 *
 * The contract that makes an execution replay:
 *
 * 1. The same sequence of calls but for `race`, with the same names, is made on every
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

  /**
   * What others send to the execution under a name of their own, `signal`, before or after it is asked for.
   * Asking again for a signal whose answer was not delivered is asking for the same one. `name` is for people.
   */
  signal(name: string, signal: string): Pending<JsonValue>;

  /** Calls a handler, and waits for what it returns or how it fails. To withdraw it is to cancel the callee. */
  call(name: string, callee: Callee, input: JsonValue): Pending<Outcome>;

  /** Calls a handler without waiting, now or after a time. Resolves to the id of its invocation. */
  send(name: string, callee: Callee, input: JsonValue, delayMs: number): Pending<string>;

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
  /**
   * As `drop`, and where another handler was called, that is cancelled too: a command with its place in the
   * journal, so nothing else may be asked for until this resolves.
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
