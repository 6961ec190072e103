import { digitWidths, patternAt, textWidths } from "./date-data.ts";
import type { DateData, DigitWidth } from "./date-data.ts";
import type { DateFields, DateStyle, HourCycle } from "./date-options.ts";
import { dateStyleNames } from "./date-options.ts";

/** Pieces of a pattern: text, or a field with what is known of its form. */
export type PatternPiece =
  | { readonly kind: "text"; readonly text: string }
  /** `digits` 1 or 2 whatever was asked; `names` the index of a list of names. */
  | { readonly kind: "field"; readonly letter: string; readonly digits?: number; readonly names?: number };

const place = (value: unknown, values: readonly unknown[]): number => values.indexOf(value) + 1;

/** The pattern of those fields in the locale of the data. */
export function patternOf(fields: DateFields, data: DateData, cycle: HourCycle): string {
  const [date, time] = [datePattern(fields, data), timePattern(fields, data, cycle)];
  if (date === "" || time === "") return date + time;
  const together = weekdayTimePattern(fields, data, cycle);
  if (together !== "") return together;
  return joined(data.joins[joinIndex(fields)] ?? "{1} {0}", date, time);
}

/** Of an era alone the tables have what is shown where nothing else is asked for: a whole date. */
function datePattern(fields: DateFields, data: DateData): string {
  const { weekday, era, year, month, day } = fields;
  const isEraAlone = era !== undefined && [weekday, year, month, day].every((field) => field === undefined);
  return isEraAlone ? "{G}" : patternAt(data, "dates", dateIndex(fields));
}

/** So they have of the zone alone. */
function timePattern(fields: DateFields, data: DateData, cycle: HourCycle): string {
  const { dayPeriod, hour, minute, second, fractionalSecondDigits } = fields;
  const hasTime = [dayPeriod, hour, minute, second, fractionalSecondDigits].some(
    (field) => field !== undefined,
  );
  if (!hasTime) return fields.timeZoneName === undefined ? "" : "{z}";
  return patternAt(data, "times", timeIndex(fields, cycle));
}

function joined(join: string, date: string, time: string): string {
  return join.replace(/\{[01]\}/g, (which) => (which === "{1}" ? date : time));
}

/** In the order of `dateCombinations` in `scripts/intl-data/dates.ts`. */
function dateIndex({ weekday, era, year, month, day }: DateFields): number {
  const months = [...digitWidths, ...textWidths];
  const upper = (place(weekday, textWidths) * 4 + place(era, textWidths)) * 3 + place(year, digitWidths);
  return (upper * 6 + place(month, months)) * 3 + place(day, digitWidths);
}

function dateRangeIndex({ weekday, year, month, day }: DateFields): number {
  const months = [...digitWidths, ...textWidths];
  const upper = place(weekday, textWidths) * 3 + place(year, digitWidths);
  return (upper * 6 + place(month, months)) * 3 + place(day, digitWidths);
}

const isHalved = (cycle: HourCycle): boolean => cycle === "h11" || cycle === "h12";

/** In the order of `timeCombinations`. */
function timeIndex(fields: DateFields, cycle: HourCycle): number {
  const { dayPeriod, hour, minute, second, fractionalSecondDigits, timeZoneName } = fields;
  let index = isHalved(cycle) ? 0 : 1;
  index = index * 4 + place(dayPeriod, textWidths);
  for (const field of [hour, minute, second]) index = index * 3 + place(field, digitWidths);
  for (const field of [fractionalSecondDigits, timeZoneName])
    index = index * 2 + (field === undefined ? 0 : 1);
  return index;
}

function timeRangeIndex({ hour, minute, second, timeZoneName }: DateFields, cycle: HourCycle): number {
  let index = isHalved(cycle) ? 0 : 1;
  for (const field of [hour, minute, second]) index = index * 3 + place(field, digitWidths);
  return index * 2 + (timeZoneName === undefined ? 0 : 1);
}

function weekdayTimePattern(fields: DateFields, data: DateData, cycle: HourCycle): string {
  const { weekday, hour, minute, second } = fields;
  const others = [
    fields.era,
    fields.year,
    fields.month,
    fields.day,
    fields.dayPeriod,
    fields.fractionalSecondDigits,
    fields.timeZoneName,
  ];
  if (weekday === undefined || hour === undefined || others.some((field) => field !== undefined)) return "";
  let index = textWidths.indexOf(weekday) * 2 + (isHalved(cycle) ? 0 : 1);
  index = index * 2 + digitWidths.indexOf(hour);
  for (const field of [minute, second]) index = index * 3 + place(field, digitWidths);
  return patternAt(data, "weekdayTimes", index);
}

/** As for the styles of dates: full, long, medium, short. */
function joinIndex({ weekday, month }: DateFields): number {
  if (month === "long") return weekday === undefined ? 1 : 0;
  return month === "short" ? 2 : 3;
}

export interface Styles {
  readonly dateStyle?: DateStyle | undefined;
  readonly timeStyle?: DateStyle | undefined;
}

/** The pattern of styles on the clock of the locale. */
export function stylePattern({ dateStyle, timeStyle }: Styles, data: DateData): string {
  const [dateIndex, timeIndex] = [
    dateStyleNames.indexOf(dateStyle ?? "full"),
    dateStyleNames.indexOf(timeStyle ?? "full"),
  ];
  const date = dateStyle === undefined ? "" : (data.dateStyles[dateIndex] ?? "");
  const time = timeStyle === undefined ? "" : (data.timeStyles[timeIndex] ?? "");
  if (date === "" || time === "") return date + time;
  return joined(data.styleJoins[dateIndex] ?? "{1} {0}", date, time);
}

/**
 * The fields that a style shows, as if they had been asked for.
 *
 * @param hasUsualHour whether the hour has the digits that are usual on the clock, which may be another than the style's
 */
export function fieldsOfStyles(
  { dateStyle, timeStyle }: Styles,
  data: DateData,
  hasUsualHour: boolean,
): DateFields {
  const fields: Record<string, unknown> = {};
  for (const piece of piecesOf(stylePattern({ dateStyle, timeStyle }, data))) {
    if (piece.kind === "text") continue;
    const name = fieldNames[piece.letter];
    if (name === undefined || name === "dayPeriod") continue;
    fields[name] = name === "hour" && hasUsualHour ? "numeric" : (widthOf(piece, data) ?? "numeric");
  }
  if ("timeZoneName" in fields) fields["timeZoneName"] = timeStyle === "full" ? "long" : "short";
  return fields;
}

export const fieldNames: Readonly<Record<string, keyof DateFields>> = {
  G: "era",
  y: "year",
  M: "month",
  L: "month",
  d: "day",
  E: "weekday",
  c: "weekday",
  B: "dayPeriod",
  h: "hour",
  m: "minute",
  s: "second",
  S: "fractionalSecondDigits",
  z: "timeZoneName",
};

/** `undefined` where the form is what was asked for. */
export function widthOf(piece: PatternPiece, data: DateData): string | undefined {
  if (piece.kind === "text") return undefined;
  if (piece.digits !== undefined) return digitWidths[piece.digits - 1] satisfies DigitWidth | undefined;
  const { names } = piece;
  if (names === undefined) return undefined;
  const lists = [data.months, data.standaloneMonths, data.weekdays, data.standaloneWeekdays, data.eras];
  const found = lists.map((list) => list.lastIndexOf(names)).find((index) => index >= 0);
  return found === undefined ? undefined : textWidths[found];
}

const decoded = new Map<string, readonly PatternPiece[]>();

export function piecesOf(pattern: string): readonly PatternPiece[] {
  const known = decoded.get(pattern);
  if (known !== undefined) return known;
  const pieces = pattern
    .split(/(\{[A-Za-z](?:[:#]\d+)?\})/)
    .filter((text) => text !== "")
    .map((text): PatternPiece => {
      const [, letter, kind, number] = /^\{([A-Za-z])(?:([:#])(\d+))?\}$/.exec(text) ?? [];
      if (letter === undefined) return { kind: "text", text };
      if (kind === ":") return { kind: "field", letter, digits: Number(number) };
      return kind === "#" ? { kind: "field", letter, names: Number(number) } : { kind: "field", letter };
    });
  decoded.set(pattern, pieces);
  return pieces;
}

/** What of two times differs first, by the index of the tables of ranges. */
export interface Difference {
  readonly date?: number;
  readonly time?: number;
}

/**
 * The pattern of two times that differ so, in which `<`, `>` and `=` stand before what is of the first, of the second and of both;
 * `undefined` where both are written out.
 */
export function rangePattern(
  fields: DateFields,
  difference: Difference,
  data: DateData,
  cycle: HourCycle,
): string | undefined {
  const [date, time] = [datePattern(fields, data), timePattern(fields, data, cycle)];
  const join = data.joins[2] ?? "{1}, {0}";
  const twice = (whole: string): string => `<${whole}=${data.rangeSeparator}>${whole}`;
  if (difference.date !== undefined) {
    if (time === "")
      return fields.era === undefined
        ? patternAt(data, `dateRanges/${difference.date}`, dateRangeIndex(fields)) || undefined
        : undefined;
    if (date !== "") return twice(patternOf(withDifferent(fields, difference.date), data, cycle));
    // A time alone does not tell which day it is on.
    const whole = datePattern({ year: "numeric", month: "numeric", day: "numeric" }, data);
    return twice(joined(join, explicit(whole), timePattern(withoutOffset(fields), data, cycle)));
  }
  const isPlain = fields.dayPeriod === undefined && fields.fractionalSecondDigits === undefined;
  const shown = withoutOffset(fields);
  const table = `timeRanges/${difference.time ?? 0}` as const;
  const range = isPlain ? patternAt(data, table, timeRangeIndex(shown, cycle)) : "";
  if (date === "") return range || undefined;
  const whole = joined(join, `=${date}=`, range || twice(timePattern(shown, data, cycle)));
  return whole.startsWith("=") ? whole : `=${whole}`;
}

/** With the fields that differ, where they would not be shown. @param difference 0 the year, 1 the month, 2 the day */
function withDifferent(fields: DateFields, difference: number): DateFields {
  const isMissing = [fields.year, fields.month, fields.day][difference] === undefined;
  if (!isMissing) return fields;
  const { day = "numeric", month, year } = fields;
  return {
    ...fields,
    day,
    ...(difference < 2 ? { month: month ?? "numeric" } : {}),
    ...(difference < 1 ? { year: year ?? "numeric" } : {}),
  };
}

/** Between two times of one day the offset from UTC goes without saying. */
function withoutOffset(fields: DateFields): DateFields {
  return fields.timeZoneName?.endsWith("Offset") === true ? { ...fields, timeZoneName: undefined } : fields;
}

/** Of fields that nobody asked for: in the widths of `numeric`. */
function explicit(pattern: string): string {
  return pattern.replaceAll(/\{([yMd])\}/g, "{$1:1}");
}
