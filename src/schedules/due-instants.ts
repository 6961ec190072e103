import type { Recurrence } from "./recurrence.ts";

/** The instants that have passed since a schedule last looked. */
export interface DueInstants {
  /** Those within the catch-up window, oldest first. */
  readonly instants: readonly number[];
  /** The number of those before it. */
  readonly missed: number;
  /** All instants up to this one are in the result. */
  readonly last: number;
  /** True if there are more: the result is limited, so that one look takes a bounded time. */
  readonly hasMore: boolean;
}

export interface DueRequest {
  /** All instants up to this one have been dealt with before. */
  readonly last: number;
  readonly now: number;
  readonly catchUpMs: number;
}

/** Instants of one look. Each may start an execution. */
const maxInstants = 100;

/** Missed instants that one look counts, which takes about 0.2 s. */
const maxCounted = 20_000;

export function findDue(recurrence: Recurrence, { last, now, catchUpMs }: DueRequest): DueInstants {
  const instants: number[] = [];
  let missed = 0;
  let dealtWith = last;
  for (;;) {
    const next = recurrence.next(dealtWith);
    // A clock that was set back must not repeat instants, so `last` never decreases.
    if (next === undefined || next.at > now) {
      return { instants, missed, last: Math.max(last, now), hasMore: false };
    }
    if (instants.length === maxInstants || missed === maxCounted) {
      return { instants, missed, last: dealtWith, hasMore: true };
    }
    if (next.at < now - catchUpMs) missed += 1;
    else instants.push(next.at);
    dealtWith = next.at;
  }
}
