/** What a calendar shows of a time of the clock, which is given as if it were of UTC. */
export interface CalendarFields {
  /** Of the era. */
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

/** Years between the epochs of that calendar and of Gregory's, from which it differs in nothing else. */
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

/** The limit of a `Date`, which clocks before and ahead of UTC pass. */
export const maxTime = 8.64e15;
/** After so many years all is again on the same days of the week. */
const cycleYears = 400;
const cycleMs = 146_097 * 86_400_000;

function dateOf(localTime: number): { readonly date: Date; readonly yearsLater: number } {
  const sign = Math.abs(localTime) > maxTime ? Math.sign(localTime) : 0;
  return { date: new Date(localTime - sign * cycleMs), yearsLater: sign * cycleYears };
}
