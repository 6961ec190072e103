import { setImmediate } from "node:timers/promises";
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

/** Missed instants that one look counts. */
const maxCounted = 20_000;

/** Missed instants that are counted without a pause, which takes about 20 ms. */
const maxCountedAtOnce = 500;

/** Finds what is due, and lets other work of the thread continue meanwhile: an outage may have lasted for months. */
export async function findAllDue(recurrence: Recurrence, request: DueRequest): Promise<DueInstants> {
  let due = findDue(recurrence, request);
  while (due.hasMore && due.instants.length === 0 && due.missed < maxCounted) {
    await setImmediate();
    const more = findDue(recurrence, { ...request, last: due.last });
    due = { ...more, missed: due.missed + more.missed };
  }
  return due;
}

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
    if (instants.length === maxInstants || missed === maxCountedAtOnce) {
      return { instants, missed, last: dealtWith, hasMore: true };
    }
    if (next.at < now - catchUpMs) missed += 1;
    else instants.push(next.at);
    dealtWith = next.at;
  }
}
