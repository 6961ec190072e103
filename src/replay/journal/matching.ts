import type { RecordedCall, Recording } from "../../recordings/recording.ts";
import { signalAwaited } from "../../journal/signals.ts";
import { Divergence } from "./divergence.ts";
import type { MatchedCall } from "./made-call.ts";
import { indexRequests } from "./request-index.ts";

/** Assigns the calls of a replay to recorded ones. */
export interface Matcher {
  /**
   * Sets the number of each of these calls, which the workflow made in one turn.
   *
   * @throws {Divergence}
   */
  match(calls: readonly MatchedCall[]): void;
}

/** Assigns the calls of the recorded version: they are the recorded ones, in their order. */
export function inOrder({ calls: recorded }: Recording): Matcher {
  let next = 0;
  return {
    match(calls) {
      for (const made of calls) {
        const { name } = made.call;
        const expected = recorded[next]?.name;
        if (expected !== name) throw notTheSame(next, { expected, name });
        made.number = next;
        next += 1;
      }
    },
  };
}

function notTheSame(
  number: number,
  { expected, name }: { readonly expected: string | undefined; readonly name: string },
): Divergence {
  const before = expected === undefined ? "the recorded execution made none" : `it was "${expected}" before`;
  const reason = `On the recorded version, call ${number} is "${name}", and ${before}: the replay is not deterministic`;
  return new Divergence({ kind: "not-comparable", reason, isDeterministic: false });
}

/**
 * Assigns the calls of another version by what they ask for. Equal calls are assigned in their order. In a turn, all calls are
 * assigned before one of them counts as different, so that their order in the turn does not matter.
 */
export function byRequest({ calls: recorded, signals, redacted }: Recording): Matcher & {
  /** The recorded calls that no call was assigned to, in order. */
  unmatched(): readonly number[];
} {
  const open = new Set(recorded.keys());
  const signalNames = new Set(signals.map(({ name }) => name));
  const askingForTheSame = indexRequests({ calls: recorded, redacted });

  function assign(made: MatchedCall): boolean {
    const number = askingForTheSame(made.call)
      .flat()
      .find((each) => open.has(each));
    if (number !== undefined) {
      open.delete(number);
      made.number = number;
      return true;
    }
    return signalNames.has(signalAwaited(made.call.name) ?? "");
  }

  return {
    unmatched: () => [...open],
    match(calls) {
      const [first] = calls.filter((made) => !assign(made));
      if (first === undefined) return;
      const actual = first;
      const expected = expectedInstead(recorded, open, first);
      if (expected === undefined) throw new Divergence({ kind: "asks-for-more", actual });
      throw new Divergence({ kind: "different", expected, actual });
    },
  };
}

/**
 * Finds the recorded call that a call stands in for: the first one of the same operation among those that the execution made in
 * the same turn as its first unassigned one.
 */
function expectedInstead(
  recorded: readonly RecordedCall[],
  open: ReadonlySet<number>,
  { call }: MatchedCall,
): number | undefined {
  const [next] = open;
  if (next === undefined) return undefined;
  const turn = recorded[next]?.turn;
  return [...open].find(
    (number) =>
      recorded[number]?.operation === call.operation &&
      (number === next || (turn !== undefined && recorded[number]?.turn === turn)),
  );
}
