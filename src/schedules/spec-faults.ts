import { parseDuration } from "../base/duration.ts";
import { parseTimestamp } from "../base/time.ts";
import { messageOf } from "../domain/errors.ts";
import { maxSleepMs } from "../domain/limits.ts";
import type { DateRange, ScheduleSpec } from "../domain/automation/schedule.ts";
import { compileCron } from "./cron.ts";
import { isTimeZone } from "./local-time.ts";

/** One rule that a specification breaks, with the path to the value. */
export interface SpecFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const minIntervalMs = 1_000;

/** Returns every rule that the specification breaks beyond its shape. */
export function specFaults(spec: ScheduleSpec): readonly SpecFault[] {
  return [
    ...sourceFaults(spec),
    ...(spec.cron ?? []).flatMap((pattern, index) => cronFaults(pattern, ["cron", index])),
    ...intervalFaults(spec),
    ...(spec.at ?? []).flatMap((time, index) => instantFaults(time, ["at", index])),
    ...(["startAt", "endAt"] as const).flatMap((name) => instantFaults(spec[name], [name])),
    ...orderFaults(spec),
    ...(spec.skip ?? []).flatMap((dates, index) => dateFaults(dates, ["skip", index])),
    ...(spec.timeZone === undefined || isTimeZone(spec.timeZone)
      ? []
      : [fault(["timeZone"], `"${spec.timeZone}" is not an IANA time zone such as "Europe/Berlin"`)]),
    ...durationFaults(spec.jitter, ["jitter"]),
  ];
}

function sourceFaults({ cron = [], every, at = [], offset }: ScheduleSpec): SpecFault[] {
  const faults: SpecFault[] = [];
  if (cron.length === 0 && every === undefined && at.length === 0)
    faults.push(fault([], "Give at least one of `cron`, `every` and `at`"));
  if (offset !== undefined && every === undefined) faults.push(fault(["offset"], "`offset` needs `every`"));
  return faults;
}

function cronFaults(pattern: string, path: SpecFault["path"]): SpecFault[] {
  try {
    compileCron(pattern);
    return [];
  } catch (error) {
    const reason = messageOf(error).replace(/^CronPattern: /, "");
    return [fault(path, `"${pattern}" is not a cron pattern: ${reason}`)];
  }
}

function intervalFaults({ every, offset }: ScheduleSpec): SpecFault[] {
  const faults = [...durationFaults(every, ["every"]), ...durationFaults(offset, ["offset"])];
  if (faults.length > 0 || every === undefined) return faults;
  const interval = parseDuration(every);
  if (interval < minIntervalMs) return [fault(["every"], "The shortest interval is one second")];
  if (offset !== undefined && parseDuration(offset) >= interval)
    return [fault(["offset"], "`offset` is not less than `every`")];
  return [];
}

function durationFaults(text: string | undefined, path: SpecFault["path"]): SpecFault[] {
  if (text === undefined) return [];
  const ms = parseDuration(text);
  if (Number.isNaN(ms)) return [fault(path, `"${text}" is not a duration such as "PT5M"`)];
  if (ms > maxSleepMs) return [fault(path, "The longest duration is 366 days")];
  // A sum of decimal parts differs from a whole number by less.
  return Math.abs(ms - Math.round(ms)) > 1e-4
    ? [fault(path, `"${text}" is not a whole number of milliseconds`)]
    : [];
}

function instantFaults(text: string | undefined, path: SpecFault["path"]): SpecFault[] {
  if (text === undefined || parseTimestamp(text) !== undefined) return [];
  return [fault(path, `"${text}" is not an instant with its offset such as "2026-12-24T18:00:00+01:00"`)];
}

function orderFaults({ startAt, endAt }: ScheduleSpec): SpecFault[] {
  const [start, end] = [parseTimestamp(startAt ?? ""), parseTimestamp(endAt ?? "")];
  return start !== undefined && end !== undefined && start >= end
    ? [fault(["endAt"], "`endAt` is not after `startAt`")]
    : [];
}

function dateFaults(dates: string | DateRange, path: SpecFault["path"]): SpecFault[] {
  const { from, to } = typeof dates === "string" ? { from: dates, to: dates } : dates;
  const bad = [from, to].find((date) => !isDate(date));
  if (bad !== undefined) return [fault(path, `"${bad}" is not a date such as "2026-12-24"`)];
  return from > to ? [fault(path, "`to` is before `from`")] : [];
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && parseTimestamp(`${text}T00:00:00Z`) !== undefined;
}

function fault(path: SpecFault["path"], message: string): SpecFault {
  return { path, message };
}
