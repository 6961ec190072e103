/** The date fields of a calendar for a local time, which is passed as if it were in UTC. */
export interface CalendarFields {
  /** The year within its era. */
  readonly year: number;
  /** 0 before the epoch of the calendar, else 1. */
  readonly era: 0 | 1;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Offset in years of calendars that otherwise equal the Gregorian one. */
const yearsAhead: Readonly<Record<string, number>> = { buddhist: 543 };

export function calendarFields(localTime: number, calendar: string): CalendarFields {
  const { date, yearsLater } = dateOf(localTime);
  const year = date.getUTCFullYear() + yearsLater + (yearsAhead[calendar] ?? 0);
  const hasOneEra = calendar in yearsAhead;
  return {
    year: year > 0 || hasOneEra ? year : 1 - year,
    era: year > 0 || hasOneEra ? 1 : 0,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** The limit of a `Date`. Local times ahead of or behind UTC may exceed it. */
export const maxTime = 8.64e15;
/** The Gregorian calendar repeats after this many years, including the days of the week. */
const cycleYears = 400;
const cycleMs = 146_097 * 86_400_000;

function dateOf(localTime: number): { readonly date: Date; readonly yearsLater: number } {
  const sign = Math.abs(localTime) > maxTime ? Math.sign(localTime) : 0;
  return { date: new Date(localTime - sign * cycleMs), yearsLater: sign * cycleYears };
}
