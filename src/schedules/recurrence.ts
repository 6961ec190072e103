import { parseDuration } from "../base/duration.ts";
import { parseTimestamp } from "../base/time.ts";
import type { DateRange, ScheduleSpec } from "../domain/automation/schedule.ts";
import { maxLookAheadMs } from "../domain/limits.ts";
import { compileCron } from "./cron.ts";
import { firstNewLocalTime, instantOf, localTimeAt } from "./local-time.ts";
import type { LocalInstant } from "./local-time.ts";

/**
 * The instants of a schedule.
 *
 * 1. Instants depend on the specification alone, not on the time at which it was written or is asked.
 * 2. They are strictly increasing: equal instants of several patterns are one.
 * 3. A local time that clocks skip counts at the moment of the change, and a repeated one counts at its first pass.
 * 4. An instant is found in bounded time, because the author of the specification may be hostile: a search ends after
 *    `maxLookAheadMs`, and a step of it evaluates only the patterns whose instant it passes.
 */
export interface Recurrence {
  /** The first instant after `at`, which is in milliseconds since the Unix epoch. */
  next(at: number): Occurrence | undefined;
}

export interface Occurrence {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Set if a clock change moved the occurrence, or its local time exists twice. */
  readonly clockChange?: { readonly kind: "skipped" | "repeated"; readonly local: number };
}

type Source = (after: number) => Occurrence | undefined;

/** @param spec a valid one (`spec-faults.ts`) */
export function createRecurrence(spec: ScheduleSpec): Recurrence {
  const { timeZone = "UTC" } = spec;
  const sources = [
    ...(spec.cron ?? []).map((pattern) => cronSource(pattern, timeZone)),
    ...(spec.every === undefined ? [] : [everySource(spec.every, spec.offset)]),
    ...(spec.at === undefined ? [] : [listSource(spec.at)]),
  ].map(remembering);
  const startAt = spec.startAt === undefined ? -Infinity : timeOf(spec.startAt);
  const endAt = spec.endAt === undefined ? Infinity : timeOf(spec.endAt);
  const skipped = joined((spec.skip ?? []).map((dates) => localRange(dates)));
  return {
    next(at) {
      const latest = at + maxLookAheadMs;
      let after = Math.max(at, startAt - 1);
      for (;;) {
        const found = earliest(sources.map((source) => source(after)));
        if (found === undefined || found.at >= endAt || found.at > latest) return undefined;
        const until = endOfSkip(found.at, skipped, timeZone);
        if (until === undefined) return found;
        after = until - 1;
      }
    },
  };
}

/** Up to `count` instants after `at`. */
export function nextOccurrences(recurrence: Recurrence, at: number, count: number): Occurrence[] {
  const found: Occurrence[] = [];
  for (let after = at; found.length < count;) {
    const next = recurrence.next(after);
    if (next === undefined) break;
    found.push(next);
    after = next.at;
  }
  return found;
}

/** A source that is asked about increasing times finds each of its instants once. */
function remembering(source: Source): Source {
  let known: { readonly after: number; readonly found: Occurrence | undefined } | undefined;
  return (after) => {
    const isKnown =
      known !== undefined && known.after <= after && (known.found === undefined || known.found.at > after);
    if (known === undefined || !isKnown) known = { after, found: source(after) };
    return known.found;
  };
}

function cronSource(pattern: string, timeZone: string): Source {
  const cron = compileCron(pattern);
  return (after) => {
    for (let local = firstNewLocalTime(after, timeZone); ;) {
      const next = cron.next(local);
      if (next === undefined) return undefined;
      const instant = instantOf(next, timeZone);
      if (instant.at > after) return occurrence(instant, next);
      local = next;
    }
  };
}

function occurrence({ at, change }: LocalInstant, local: number): Occurrence {
  return change === undefined ? { at } : { at, clockChange: { kind: change, local } };
}

function everySource(every: string, offset = "0s"): Source {
  // The sum of decimal parts is not exact: 1.1 s are 1100.0000000000002 ms.
  const interval = Math.round(parseDuration(every));
  const shift = Math.round(parseDuration(offset));
  return (after) => ({ at: (Math.floor((after - shift) / interval) + 1) * interval + shift });
}

function listSource(texts: readonly string[]): Source {
  const times = texts.map(timeOf).toSorted((a, b) => a - b);
  return (after) => {
    const at = times.find((time) => time > after);
    return at === undefined ? undefined : { at };
  };
}

/** Of equal instants, the one without a clock change: it is what the patterns would give anyway. */
function earliest(found: readonly (Occurrence | undefined)[]): Occurrence | undefined {
  let first: Occurrence | undefined;
  for (const next of found) {
    if (next === undefined || (first !== undefined && next.at > first.at)) continue;
    if (first === undefined || next.at < first.at || next.clockChange === undefined) first = next;
  }
  return first;
}

const dayMs = 86_400_000;

/** Local times: `until` is not part of the range. */
interface LocalRange {
  readonly from: number;
  readonly until: number;
}

/** From the first local time of the dates to that of the day after them. */
function localRange(dates: string | DateRange): LocalRange {
  const { from, to } = typeof dates === "string" ? { from: dates, to: dates } : dates;
  return { from: Date.parse(from), until: Date.parse(to) + dayMs };
}

/** Joins ranges that overlap or follow each other, so that a search passes them in one step. */
function joined(ranges: readonly LocalRange[]): readonly LocalRange[] {
  const all: LocalRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last === undefined || last.until < range.from) all.push(range);
    else all[all.length - 1] = { from: last.from, until: Math.max(last.until, range.until) };
  }
  return all;
}

/** The instant at which the skipped dates around this one end; undefined if it is not skipped. */
function endOfSkip(at: number, skipped: readonly LocalRange[], timeZone: string): number | undefined {
  if (skipped.length === 0) return undefined;
  const local = localTimeAt(at, timeZone);
  const range = skipped.find(({ from, until }) => local >= from && local < until);
  return range === undefined ? undefined : Math.max(instantOf(range.until, timeZone).at, at + 1);
}

function timeOf(text: string): number {
  return parseTimestamp(text) ?? Number.NaN;
}
