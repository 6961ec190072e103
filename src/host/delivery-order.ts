/**
 * Which of several available results Restate's SDK delivers first.
 *
 * A result becomes available before the workflow waits for it if the execution waited for something else alone: for a reading of
 * the clock, for instance. A race then takes all available results at once, and their promises settle after different numbers of
 * microtasks, which depend on the kind of the result. Journals in flight depend on that order, so it is frozen;
 * `test/golden/delivery-order.test.ts` compares it with the SDK.
 */
export type ResultKind = "run" | "sleep" | "send" | "cancellation" | "call" | "signal";

const ranks: Readonly<Record<ResultKind, number>> = {
  run: 0,
  sleep: 1,
  send: 1,
  cancellation: 1,
  call: 2,
  signal: 3,
};

/** A result that a race waits for. */
export interface AwaitedResult<Key> {
  readonly key: Key;
  readonly kind: ResultKind;
}

/** The results that have been taken from a journal. */
export interface TakenResults<Key> {
  add(key: Key): void;
  /** Returns the one of `waiting` that is delivered, or undefined if none of them has been taken. */
  deliver<Awaited extends AwaitedResult<Key>>(waiting: readonly Awaited[]): Awaited | undefined;
}

/** @param Key what results are known by */
export function createTakenResults<Key>(): TakenResults<Key> {
  const available = new Set<Key>();
  /** What an earlier race has taken and not delivered settles at once. */
  const settled = new Set<Key>();
  return {
    add: (key) => void available.add(key),
    deliver(waiting) {
      const earlier = waiting.find(({ key }) => settled.has(key));
      const now = waiting.filter(({ key }) => available.has(key));
      for (const { key } of now) {
        available.delete(key);
        settled.add(key);
      }
      return earlier ?? firstOf(now);
    },
  };
}

/** The first in the list among those of the first kind. */
function firstOf<Result extends { readonly kind: ResultKind }>(
  results: readonly Result[],
): Result | undefined {
  const lowest = Math.min(...results.map(({ kind }) => ranks[kind]));
  return results.find(({ kind }) => ranks[kind] === lowest);
}
