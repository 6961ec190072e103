import { maxTime } from "./calendar.ts";
import { intlIndex, readSection } from "../locale/data.ts";

/** A time zone: its local time at any instant. Times are milliseconds since the Unix epoch. */
export interface TimeZone {
  /** The name that `resolvedOptions` returns. */
  readonly name: string;
  /** The difference between local time and UTC, in milliseconds. */
  offsetAt(time: number): number;
  /** The key of its name at that time in the data, or 0 if its only name is the offset. */
  nameAt(time: number): number;
}

const zones = new Map<string, TimeZone>();

/** @throws {RangeError} if the zone does not exist */
export function findTimeZone(name: string): TimeZone {
  const fixed = fixedZone(name);
  if (fixed !== undefined) return fixed;
  const key = name.toLowerCase();
  const { zoneAliases } = intlIndex();
  const resolved = Object.hasOwn(zoneAliases, key) ? zoneAliases[key] : undefined;
  if (resolved === undefined) throw new RangeError(`Invalid time zone specified: ${name}`);
  const known = zones.get(resolved) ?? decodeZone(resolved);
  zones.set(resolved, known);
  return known;
}

/** A zone with a fixed offset: `+02:00`, `+0200` or `+02`. */
function fixedZone(text: string): TimeZone | undefined {
  const [, sign, hours, minutes = "00"] = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  const name = `${offset === 0 ? "+" : sign}${hours}:${minutes}`;
  // An offset of zero has the name of Greenwich Mean Time.
  return offset === 0
    ? { ...findTimeZone("Africa/Abidjan"), name }
    : { name, offsetAt: () => offset, nameAt: () => 0 };
}

interface Type {
  readonly offsetMs: number;
  readonly name: number;
}

interface Change {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly seconds: number;
  readonly type: number;
}

interface Rule {
  readonly fromYear: number;
  /** Offset of the local time in which the changes are given. */
  readonly offsetMs: number;
  readonly changes: readonly Change[];
}

const beginning = Date.UTC(1800, 0, 1);

/** `scripts/intl-data/zones.ts`, which writes the format, describes it. */
function decodeZone(name: string): TimeZone {
  const [typeText = "", changeText = "", ruleText = ""] = (readSection(`zone/${name}`) ?? "0:1||").split("|");
  const types = typeText.split(",").map((text): Type => {
    const [offset = 0, key = 0] = text.split(":").map(Number);
    return { offsetMs: offset * 1_000, name: key };
  });
  const times: number[] = [];
  const typesAfter: number[] = [];
  let at = beginning;
  for (const text of changeText === "" ? [] : changeText.split(" ")) {
    const [since = "0", type = "0"] = text.split(".");
    at += Number.parseInt(since, 36) * 1_000;
    times.push(at);
    typesAfter.push(Number.parseInt(type, 36));
  }
  const rule = decodeRule(ruleText);
  const nothing: Type = { offsetMs: 0, name: 0 };
  const typeAt = (time: number): Type => {
    const byRule = rule === undefined ? undefined : typeByRule(rule, time);
    return types[byRule ?? typesAfter[lastBefore(times, time)] ?? 0] ?? nothing;
  };
  return { name, offsetAt: (time) => typeAt(time).offsetMs, nameAt: (time) => typeAt(time).name };
}

/** The index of the last of the sorted times that is not after the given time, or -1. */
function lastBefore(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function decodeRule(text: string): Rule | undefined {
  if (text === "") return undefined;
  const [fromYear = "", offset = "", ...changes] = text.split(";");
  return {
    fromYear: Number(fromYear),
    offsetMs: Number(offset) * 1_000,
    changes: changes.map((change) => {
      const [month = 0, day = 1, weekday = 0, seconds = 0, type = 0] = change.split(",").map(Number);
      return { month, day, weekday, seconds, type };
    }),
  };
}

/** `undefined` before the first year of the rule. */
function typeByRule({ fromYear, offsetMs, changes }: Rule, time: number): number | undefined {
  const year = new Date(Math.min(time + offsetMs, maxTime)).getUTCFullYear();
  if (year < fromYear) return undefined;
  const inYear = changes
    .map((change) => ({ at: occurrence(change, year) - offsetMs, type: change.type }))
    .toSorted((a, b) => a.at - b.at);
  // Before the first change of a year, the last change of the previous year applies, and it has the same type in
  // each year.
  return (inYear.findLast(({ at }) => at <= time) ?? inYear.at(-1))?.type;
}

function occurrence({ month, day, weekday, seconds }: Change, year: number): number {
  const first = new Date(Date.UTC(2000, month, day));
  first.setUTCFullYear(year, month, day);
  const days = (weekday - first.getUTCDay() + 7) % 7;
  return first.getTime() + (days * 86_400 + seconds) * 1_000;
}
