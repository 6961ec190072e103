import { digitWidths, patternAt, textWidths } from "./date-data.ts";
import type { DateData, DigitWidth } from "./date-data.ts";
import type { DateFields, DateStyle, HourCycle } from "./date-options.ts";
import { dateStyleNames } from "./date-options.ts";

/** Pieces of a pattern: literal text, or a field with the known properties of its form. */
export type PatternPiece =
  | { readonly kind: "text"; readonly text: string }
  /** `digits` is 1 or 2 independent of the request. `names` is the index of a list of names. */
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

/** For an era alone, the tables contain the pattern of the default: a whole date. */
function datePattern(fields: DateFields, data: DateData): string {
  const { weekday, era, year, month, day } = fields;
  const isEraAlone = era !== undefined && [weekday, year, month, day].every((field) => field === undefined);
  return isEraAlone ? "{G}" : patternAt(data, "dates", dateIndex(fields));
}

/** For a time zone alone, the tables contain the pattern of the default: a whole time. */
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

/** The index in the order of `dateCombinations` in `scripts/intl-data/dates.ts`. */
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

/** The index in the order of `timeCombinations`. */
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

/** The same index as that of the date styles: full, long, medium, short. */
function joinIndex({ weekday, month }: DateFields): number {
  if (month === "long") return weekday === undefined ? 1 : 0;
  return month === "short" ? 2 : 3;
}

export interface Styles {
  readonly dateStyle?: DateStyle | undefined;
  readonly timeStyle?: DateStyle | undefined;
}

/** The pattern of the styles, with the locale's own hour cycle. */
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
 * The fields that a style shows, in the form in which they would be requested.
 *
 * @param hasUsualHour true if the hour has the usual number of digits of the hour cycle, which may differ from the
 *   style's
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

/** The width of the field in the pattern. `undefined` if it is the requested one. */
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

/** The first field in which two times differ, as an index of the tables of ranges. */
export interface Difference {
  readonly date?: number;
  readonly time?: number;
}

/**
 * The pattern of two times with that difference, in which `<`, `>` and `=` precede the parts of the first time, of
 * the second, and of both. `undefined` if both are written in full.
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
    // A range of times on different days needs the dates.
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

/**
 * Adds the differing field if it would not be shown. @param difference 0 for the year, 1 for the month, 2 for the
 * day
 */
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

/** A range of times within one day does not repeat the offset from UTC. */
function withoutOffset(fields: DateFields): DateFields {
  return fields.timeZoneName?.endsWith("Offset") === true ? { ...fields, timeZoneName: undefined } : fields;
}

/** Fields that were not requested have the widths of `numeric`. */
function explicit(pattern: string): string {
  return pattern.replaceAll(/\{([yMd])\}/g, "{$1:1}");
}
