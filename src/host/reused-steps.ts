/**
 * A journal that reuses the results of another one, for a retry from the failed step. The retry first makes the same
 * commands as the retried execution, and receives their recorded results. The failed step, and commands that had no result,
 * run as usual.
 *
 * 1. Each reused result becomes a `run` of this journal, under the name of its original command. So this journal contains
 *    it too, and the other journal is not needed afterwards.
 * 2. Results that preceded the failed step's result are delivered first, in the original order, so that the workflow repeats
 *    its decisions. Of several that were available at once, one was delivered by `delivery-order.ts`. Plans of earlier releases
 *    do not have `order`, and retries with such a plan deliver them in the order of the calls.
 * 3. Then follow the later results of commands that were made before the failed step had its result. Commands after that
 *    point are new, even if they have the number of an earlier command. Only signals are reused until they are requested.
 * 4. All of this depends only on the plan and on the commands, so it replays.
 */
import type { JsonValue } from "../base/json.ts";
import type { Outcome } from "../domain/outcome.ts";
import { createTakenResults } from "./delivery-order.ts";
import type { ResultKind, TakenResults } from "./delivery-order.ts";
import type { Journal, Pending } from "./journal.ts";

export interface ReusedSteps<Result extends ReusedResult> {
  /** The number of the command that runs again, among the commands of the execution: 0, 1, 2… */
  readonly failedCommand: number;
  /** The results in order of arrival, before and after the result of the failed step. */
  readonly before: readonly Result[];
  readonly after: readonly Result[];
  readonly order?: "kinds";
}

export interface ReusedResult {
  /** The number of a command, or the name of a signal. */
  readonly source: number | string;
}

/**
 * Reads a result: the value of a `run`, null for a `sleep`, the milliseconds of a `clock`, the outcome of a `call`, the id of
 * a `send`, or the input of a signal as `{ok: true, …}`. `name` is the name of the command that requests it.
 */
export type ReadReusedResult<Result> = (result: Result, name: string) => Promise<JsonValue>;

/** @param journal the journal of the retry */
export function reuseSteps<Result extends ReusedResult>(
  journal: Journal,
  reused: ReusedSteps<Result>,
  read: ReadReusedResult<Result>,
): Journal {
  const taken = reused.order === "kinds" ? createTakenResults<ResultSource> : createInCallOrder<ResultSource>;
  const before = createArrivals(reused.before, taken());
  const after = createArrivals(reused.after, taken());
  let asked = 0;
  /** The number of commands at the time when every result before the failed step's result was delivered. */
  let askedBefore = Infinity;

  function ask<T>({ name, kind, signal, make, decode }: Command<T>): Pending<T> {
    const number = asked++;
    const keys = [...(number < askedBefore ? [number] : []), ...(signal === undefined ? [] : [signal])];
    const result = before.find(keys) ?? after.find(keys);
    if (result === undefined) return tagged(make(), { number, kind, keys: [] });
    const run = journal.run(name, async () => await read(result, name));
    return tagged(run.map(decode), { number, kind, keys });
  }

  return {
    // A reused result needs no slot.
    run: (name, effect, slot) =>
      ask({ name, kind: "run", make: () => journal.run(name, effect, slot), decode: (value) => value }),
    sleep: (name, durationMs) =>
      ask({ name, kind: "sleep", make: () => journal.sleep(name, durationMs), decode: () => undefined }),
    clock: (name) =>
      ask({ name, kind: "run", make: () => journal.clock(name), decode: (value) => value as number }),
    signal: (name, signal) =>
      ask({ name, kind: "signal", signal, make: () => journal.signal(name, signal), decode: postedOf }),
    call: (name, callee, input) =>
      ask({
        name,
        kind: "call",
        make: () => journal.call(name, callee, input),
        decode: (value) => value as unknown as Outcome,
      }),
    send: (name, callee, input, delayMs) =>
      ask({
        name,
        kind: "send",
        make: () => journal.send(name, callee, input, delayMs),
        decode: (value) => value as string,
      }),
    cancellation: () => tagged(journal.cancellation(), { number: undefined, kind: "cancellation", keys: [] }),
    async race<T>(pending: readonly Pending<T>[]): Promise<T> {
      const racing = pending as readonly TaggedPending<T>[];
      let next = before.deliver(racing);
      if (next === undefined && racing.some(({ tag }) => tag.number === reused.failedCommand)) {
        askedBefore = Math.min(askedBefore, asked);
      }
      next ??= after.deliver(racing);
      return await journal.race(next === undefined ? racing.map(({ inner }) => inner) : [next.inner]);
    },
  };
}

type ResultSource = ReusedResult["source"];

interface Command<T> {
  readonly name: string;
  readonly kind: ResultKind;
  readonly signal?: string;
  /** Makes the command in this journal, without reuse. */
  readonly make: () => Pending<T>;
  /** Decodes a reused result. */
  readonly decode: (value: JsonValue) => T;
}

/** Removes `ok`, which is journaled with a signal's input so that it has the form of other steps. */
function postedOf(value: JsonValue): JsonValue {
  const { ok: _ok, ...posted } = value as { readonly [member: string]: JsonValue };
  return posted;
}

/** Links a pending result to the reused results. */
interface Tag {
  /** The number of the command. Undefined for the cancellation, which is not a command. */
  readonly number: number | undefined;
  readonly kind: ResultKind;
  /** Empty if no reused result exists for it. */
  readonly keys: readonly ResultSource[];
}

interface TaggedPending<T> extends Pending<T> {
  readonly inner: Pending<T>;
  readonly tag: Tag;
}

function tagged<T>(inner: Pending<T>, tag: Tag): TaggedPending<T> {
  return {
    inner,
    tag,
    map: <U>(transform: (value: T) => U) => tagged<U>(inner.map(transform), tag),
    drop: () => inner.drop(),
    withdraw: async () => await inner.withdraw(),
  };
}

/** Delivers results in their order of arrival, as far as the workflow waits for them. */
function createArrivals<Result extends ReusedResult>(
  results: readonly Result[],
  taken: TakenResults<ResultSource>,
) {
  const byKey = new Map(results.map((result) => [result.source, result]));
  let next = 0;
  return {
    find: (keys: Tag["keys"]) => keys.flatMap((key) => byKey.get(key) ?? [])[0],
    /** Returns the waiting command whose result arrives first, or undefined if none arrives. */
    deliver<P extends { readonly tag: Tag }>(waiting: readonly P[]): P | undefined {
      const awaited = waiting.flatMap((pending) =>
        pending.tag.keys.map((key) => ({ pending, key, kind: pending.tag.kind })),
      );
      for (;;) {
        const found = taken.deliver(awaited);
        if (found !== undefined) return found.pending;
        const result = results[next++];
        if (result === undefined) return undefined;
        taken.add(result.source);
      }
    },
  };
}

function createInCallOrder<Key>(): TakenResults<Key> {
  const taken = new Set<Key>();
  return {
    add: (key) => void taken.add(key),
    deliver: (waiting) => waiting.find(({ key }) => taken.has(key)),
  };
}
