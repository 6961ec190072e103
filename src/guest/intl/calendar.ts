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
  const date = new Date(localTime);
  const year = date.getUTCFullYear() + (yearsAhead[calendar] ?? 0);
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
