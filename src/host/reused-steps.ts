/**
 * A journal that answers from another one: what an execution that is retried from its failed step asks for first is
 * what the execution before it had asked for, and it gets the results that are there already. The failed step, and
 * what had no result, is done as always.
 *
 * 1. Every result that is kept becomes a `run` of this journal, under the name of the command that it was of. So it
 *    is in this journal too, and the other one is not needed any more.
 * 2. Results that came before that of the failed step are delivered first, in the order in which they were
 *    delivered then, so that the workflow does again what it did. Where several were there at once, that was the
 *    order of the calls: what comes while something else is awaited is there, and waits.
 * 3. After them come those that arrived later, of commands that were made before the failed step had its result.
 *    What is asked for after that is new, whatever it is called. Signals alone are kept until they are asked for.
 * 4. All this follows from what is kept and from what is asked for, so it replays.
 */
import type { JsonValue } from "../base/json.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Journal, Pending } from "./journal.ts";

export interface ReusedSteps<Result extends ReusedResult> {
  /** The command that is made again, by its number among those of the execution: 0, 1, 2… */
  readonly failedCommand: number;
  /** Results in the order of their arrival, before and after that of the failed step. */
  readonly before: readonly Result[];
  readonly after: readonly Result[];
}

export interface ReusedResult {
  /** The number of a command, or the name of a signal. */
  readonly source: number | string;
}

/**
 * Reads a result: of a `run` its value, of a `sleep` nothing, of a `clock` milliseconds, of a `call` its outcome, of a
 * `send` an id, of a signal what was posted, as `{ok: true, …}`. `name` is that of the command which asks for it.
 */
export type ReadReusedResult<Result> = (result: Result, name: string) => Promise<JsonValue>;

/** @param journal of the execution that goes on */
export function reuseSteps<Result extends ReusedResult>(
  journal: Journal,
  reused: ReusedSteps<Result>,
  read: ReadReusedResult<Result>,
): Journal {
  const before = createArrivals(reused.before);
  const after = createArrivals(reused.after);
  let asked = 0;
  /** How many commands had been made when there was nothing left to deliver before the failed step. */
  let askedBefore = Infinity;

  function ask<T>({ name, signal, make, decode }: Command<T>): Pending<T> {
    const number = asked++;
    const keys = [...(number < askedBefore ? [number] : []), ...(signal === undefined ? [] : [signal])];
    const result = before.find(keys) ?? after.find(keys);
    if (result === undefined) return tagged(make(), { number, keys: [] });
    const run = journal.run(name, async () => await read(result, name));
    return tagged(run.map(decode), { number, keys });
  }

  return {
    run: (name, effect) => ask({ name, make: () => journal.run(name, effect), decode: (value) => value }),
    sleep: (name, durationMs) =>
      ask({ name, make: () => journal.sleep(name, durationMs), decode: () => undefined }),
    clock: (name) => ask({ name, make: () => journal.clock(name), decode: (value) => value as number }),
    signal: (name, signal) =>
      ask({ name, signal, make: () => journal.signal(name, signal), decode: postedOf }),
    call: (name, callee, input) =>
      ask({
        name,
        make: () => journal.call(name, callee, input),
        decode: (value) => value as unknown as Outcome,
      }),
    send: (name, callee, input, delayMs) =>
      ask({
        name,
        make: () => journal.send(name, callee, input, delayMs),
        decode: (value) => value as string,
      }),
    cancellation: () => tagged(journal.cancellation(), { number: undefined, keys: [] }),
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

interface Command<T> {
  readonly name: string;
  readonly signal?: string;
  /** Asks for it as always. */
  readonly make: () => Pending<T>;
  /** Its value, of a result that is kept. */
  readonly decode: (value: JsonValue) => T;
}

/** In this journal it stands as the outcomes of other steps do. */
function postedOf(value: JsonValue): JsonValue {
  const { ok: _ok, ...posted } = value as { readonly [member: string]: JsonValue };
  return posted;
}

/** By what the result of something that is pending is found among those that are kept. */
interface Tag {
  /** `undefined` of what is no command. */
  readonly number: number | undefined;
  /** Empty where nothing is kept of it. */
  readonly keys: readonly ReusedResult["source"][];
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

/** Results in the order of their arrival, as those see them arrive who wait for one after the other. */
function createArrivals<Result extends ReusedResult>(results: readonly Result[]) {
  const byKey = new Map(results.map((result) => [result.source, result]));
  const arrived = new Set<ReusedResult["source"]>();
  let next = 0;
  const hasArrived = ({ tag }: { readonly tag: Tag }) => tag.keys.some((key) => arrived.has(key));
  return {
    find: (keys: Tag["keys"]) => keys.flatMap((key) => byKey.get(key) ?? [])[0],
    /** The first of those that wait whose result arrives; `undefined` where none does. */
    deliver<P extends { readonly tag: Tag }>(waiting: readonly P[]): P | undefined {
      for (;;) {
        const found = waiting.find(hasArrived);
        if (found !== undefined) return found;
        const result = results[next++];
        if (result === undefined) return undefined;
        arrived.add(result.source);
      }
    },
  };
}
