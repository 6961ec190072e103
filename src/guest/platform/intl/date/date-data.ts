import { localeData, requireLocaleData } from "../locale/data.ts";

/** The data that `scripts/intl-data/dates.ts` generates. That script documents the members. */
export interface DateData {
  readonly names: readonly string[];
  readonly months: readonly number[];
  readonly standaloneMonths: readonly number[];
  readonly weekdays: readonly number[];
  readonly standaloneWeekdays: readonly number[];
  readonly eras: readonly number[];
  readonly dayPeriods: readonly number[];
  readonly patterns: readonly string[];
  readonly dates: string;
  readonly times: string;
  readonly weekdayTimes: string;
  readonly joins: readonly string[];
  readonly styleJoins: readonly string[];
  readonly dateStyles: readonly string[];
  readonly timeStyles: readonly string[];
  readonly dateRanges: readonly string[];
  readonly timeRanges: readonly string[];
  readonly rangeSeparator: string;
  readonly hourCycle: "h11" | "h12" | "h23" | "h24";
  readonly hour12: "h11" | "h12";
  readonly digits: string;
  readonly calendar: string;
}

export const textWidths = ["narrow", "short", "long"] as const;
export const digitWidths = ["numeric", "2-digit"] as const;
export type TextWidth = (typeof textWidths)[number];
export type DigitWidth = (typeof digitWidths)[number];

/** The data of a locale for the Gregorian calendar, or for its own calendar if that differs. */
export function dateData(locale: string, calendar: string | undefined): DateData {
  const own = requireLocaleData<DateData>("dates", locale);
  if (calendar === undefined || calendar === own.calendar) return own;
  return localeData<DateData>("gregory", locale) ?? own;
}

export function isCalendar(value: string, locale: string): boolean {
  const own = requireLocaleData<DateData>("dates", locale).calendar;
  return value === own || value === "gregory";
}

const tables = new WeakMap<DateData, Map<string, readonly string[]>>();

type TableName = "dates" | "times" | "weekdayTimes";

/** The pattern of the combination with that index in a table. */
export function patternAt(
  data: DateData,
  table: TableName | `${"dateRanges" | "timeRanges"}/${number}`,
  index: number,
): string {
  const decoded = tables.get(data) ?? new Map<string, readonly string[]>();
  tables.set(data, decoded);
  const [name = "", place] = table.split("/");
  const text = place === undefined ? data[name as TableName] : data[name as "dateRanges"][Number(place)];
  const patterns = decoded.get(table) ?? decodeTable(text ?? "", data.patterns);
  decoded.set(table, patterns);
  return patterns[index] ?? "";
}

function decodeTable(text: string, patterns: readonly string[]): readonly string[] {
  const decoded: string[] = [];
  for (const [, character = "", count = "1"] of text.matchAll(/(\D)(\d*)/gs)) {
    const pattern = patterns[(character.codePointAt(0) ?? 0x3b) - 0x3b] ?? "";
    for (let index = 0; index < Number(count || 1); index += 1) decoded.push(pattern);
  }
  return decoded;
}

export interface ZoneNameData {
  readonly offset: readonly string[];
  readonly long: readonly (string | null)[];
  readonly short: readonly (string | null)[];
  readonly generic?: readonly string[];
  readonly longGeneric?: readonly number[];
  readonly shortGeneric?: readonly number[];
}
