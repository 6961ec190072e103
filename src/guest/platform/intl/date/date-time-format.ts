import { now } from "../../../core/clock.ts";
import { calendarFields } from "./calendar.ts";
import type { CalendarFields } from "./calendar.ts";
import { anonymous, callable, defineConstructor } from "../locale/constructor.ts";
import { requireLocaleData } from "../locale/data.ts";
import { dateData, isCalendar } from "./date-data.ts";
import type { DateData } from "./date-data.ts";
import { hourCycles, readDateOptions } from "./date-options.ts";
import type { DateDefaults, DateFields, DateOptions, HourCycle } from "./date-options.ts";
import {
  fieldNames,
  fieldsOfStyles,
  patternOf,
  piecesOf,
  rangePattern,
  stylePattern,
  widthOf,
} from "./date-pattern.ts";
import type { Difference, PatternPiece } from "./date-pattern.ts";
import { textWidths } from "./date-data.ts";
import { inDigits } from "../number/digits.ts";
import { resolveLocale, supportedLocales } from "../locale/locale.ts";
import type { ResolvedLocale } from "../locale/locale.ts";
import type { NumberData } from "../number/number-data.ts";
import { isNumbering } from "../number/number-format.ts";
import { coercedOptions } from "../locale/options.ts";
import { joinedParts, textOf } from "../locale/parts.ts";
import type { Part, RangePart } from "../locale/parts.ts";
import { findTimeZone } from "./time-zone.ts";
import type { TimeZone } from "./time-zone.ts";
import { zoneName } from "./zone-name.ts";

const usualDefaults: DateDefaults = { required: "any", defaults: "date" };

class DateTimeFormatImplementation {
  readonly #locale: ResolvedLocale;
  readonly #data: DateData;
  readonly #numbering: string;
  readonly #zone: TimeZone;
  readonly #cycle: HourCycle;
  readonly #options: DateOptions;
  /** The fields that are shown, requested individually or by styles. */
  readonly #fields: DateFields;
  readonly #pattern: string;
  #format: ((date: unknown) => string) | undefined;

  constructor(locales?: unknown, givenOptions?: unknown, defaults: DateDefaults = usualDefaults) {
    const options = readDateOptions(coercedOptions(givenOptions), defaults);
    const { calendar: ca, numberingSystem: nu, hourCycle, hour12 } = options;
    const hc = hour12 === undefined ? { hc: hourCycle } : {};
    this.#locale = resolveLocale(locales, { ca, nu, ...hc }, isSupported);
    const { dataLocale, keywords } = this.#locale;
    this.#data = dateData(dataLocale, keywords["ca"]);
    this.#numbering = keywords["nu"] ?? numberingOf(dataLocale);
    this.#zone = findTimeZone(options.timeZone ?? "UTC");
    this.#cycle = cycleOf(hour12, keywords["hc"] as HourCycle | undefined, this.#data);
    this.#options = options;
    const isStyled = options.dateStyle !== undefined || options.timeStyle !== undefined;
    const isOption = hour12 !== undefined || hourCycle !== undefined;
    this.#fields = isStyled ? fieldsOfStyles(options, this.#data, !isOption) : options.fields;
    const isOwnClock = this.#cycle === this.#data.hourCycle || this.#fields.hour === undefined;
    this.#pattern =
      isStyled && isOwnClock
        ? stylePattern(options, this.#data)
        : patternOf(this.#fields, this.#data, this.#cycle);
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  get format(): (date: unknown) => string {
    this.#format ??= anonymous((date: unknown) => textOf(this.#parts(this.#pattern, timeOf(date))));
    return this.#format;
  }

  formatToParts(date: unknown): Part[] {
    return joinedParts(this.#parts(this.#pattern, timeOf(date)));
  }

  formatRange(start: unknown, end: unknown): string {
    return textOf(this.#rangeParts(start, end));
  }

  formatRangeToParts(start: unknown, end: unknown): RangePart[] {
    return this.#rangeParts(start, end);
  }

  resolvedOptions(): Record<string, unknown> {
    const { dateStyle, timeStyle } = this.#options;
    const isStyled = dateStyle !== undefined || timeStyle !== undefined;
    const hours = { hourCycle: this.#cycle, hour12: this.#cycle === "h11" || this.#cycle === "h12" };
    return {
      locale: this.#locale.locale,
      calendar: this.#data.calendar,
      numberingSystem: this.#numbering,
      timeZone: this.#zone.name,
      ...(this.#fields.hour === undefined ? {} : hours),
      ...(isStyled ? present({ dateStyle, timeStyle }) : this.#shownFields()),
    };
  }

  /** The fields in the order of the standard, with the widths in the pattern. */
  #shownFields(): Record<string, unknown> {
    const shown = new Map<string, unknown>();
    for (const piece of piecesOf(this.#pattern)) {
      const name = piece.kind === "text" ? undefined : fieldNames[piece.letter];
      if (name === undefined || (name === "dayPeriod" && this.#fields.dayPeriod === undefined)) continue;
      const asked = this.#fields[name];
      const isText = (textWidths as readonly unknown[]).includes(asked);
      shown.set(name, isText ? asked : (widthOf(piece, this.#data) ?? asked));
    }
    return present(Object.fromEntries(orderedFields.map((name) => [name, shown.get(name)])));
  }

  #parts(pattern: string, time: number): Part[] {
    const fields = calendarFields(time + this.#zone.offsetAt(time), this.#data.calendar);
    const hasSeconds = pattern.includes("{s");
    const minutes = pattern.includes("{m") ? fields.minute : 0;
    const isExact = minutes === 0 && (fields.second === 0 || !hasSeconds);
    return piecesOf(pattern).map((piece) =>
      piece.kind === "text"
        ? { type: "literal", value: piece.text }
        : this.#fieldPart(piece, { fields, time, isExact }),
    );
  }

  #fieldPart(piece: Extract<PatternPiece, { kind: "field" }>, { fields, time, isExact }: Moment): Part {
    const asked = this.#fields;
    const number = (type: string, value: number, width: unknown): Part => {
      const isTwo = piece.digits === undefined ? width === "2-digit" : piece.digits === 2;
      return {
        type,
        value: inDigits(isTwo ? String(value % 100).padStart(2, "0") : String(value), this.#numbering),
      };
    };
    const name = (type: string, lists: readonly number[], width: unknown, index: number): Part => {
      const list = piece.names ?? lists[textWidths.indexOf(width as "long")] ?? -1;
      return { type, value: this.#data.names[list]?.split("|")[index] ?? "" };
    };
    switch (piece.letter) {
      case "G":
        return name("era", this.#data.eras, asked.era, fields.era);
      case "y":
        return number("year", fields.year, asked.year);
      case "M":
      case "L":
        if (
          piece.digits !== undefined ||
          (piece.names === undefined && !(textWidths as readonly unknown[]).includes(asked.month))
        )
          return number("month", fields.month + 1, asked.month);
        return name(
          "month",
          piece.letter === "L" ? this.#data.standaloneMonths : this.#data.months,
          asked.month,
          fields.month,
        );
      case "d":
        return number("day", fields.day, asked.day);
      case "E":
        return name("weekday", this.#data.weekdays, asked.weekday, fields.weekday);
      case "c":
        return name("weekday", this.#data.standaloneWeekdays, asked.weekday, fields.weekday);
      case "B": {
        const index = isExact && fields.hour === 12 ? 24 : isExact && fields.hour === 0 ? 25 : fields.hour;
        return name("dayPeriod", this.#data.dayPeriods, asked.dayPeriod, index);
      }
      case "h":
        return number("hour", hourOf(fields, this.#cycle), asked.hour);
      case "m":
        return number("minute", fields.minute, asked.minute);
      case "s":
        return number("second", fields.second, asked.second);
      case "S": {
        const digits = String(fields.millisecond).padStart(3, "0").slice(0, asked.fractionalSecondDigits);
        return { type: "fractionalSecond", value: inDigits(digits, this.#numbering) };
      }
      default: {
        const style = asked.timeZoneName ?? "short";
        const naming = { style, locale: this.#locale.dataLocale, numbering: this.#numbering };
        return { type: "timeZoneName", value: zoneName(this.#zone, time, naming) };
      }
    }
  }

  #rangeParts(start: unknown, end: unknown): RangePart[] {
    if (start === undefined || end === undefined) throw new TypeError("A range has a start and an end");
    const [from, to] = [timeOf(start), timeOf(end)];
    const whole = (time: number, source: RangePart["source"]): RangePart[] =>
      joinedParts(this.#parts(this.#pattern, time)).map(({ type, value }) => ({ type, value, source }));
    const difference = this.#difference(from, to);
    const isSame = textOf(this.#parts(this.#pattern, from)) === textOf(this.#parts(this.#pattern, to));
    if (isSame && levelOf(difference) > finestLevel(this.#fields)) return whole(from, "shared");
    const pattern = rangePattern(this.#fields, difference, this.#data, this.#cycle);
    if (pattern !== undefined) return this.#patternedRange(pattern, from, to);
    const separator = { type: "literal", value: this.#data.rangeSeparator, source: "shared" } as const;
    return [...whole(from, "startRange"), separator, ...whole(to, "endRange")];
  }

  #difference(from: number, to: number): Difference {
    const [a, b] = [from, to].map((time) =>
      calendarFields(time + this.#zone.offsetAt(time), this.#data.calendar),
    );
    if (a === undefined || b === undefined || a.era !== b.era || a.year !== b.year) return { date: 0 };
    if (a.month !== b.month) return { date: 1 };
    if (a.day !== b.day) return { date: 2 };
    if (a.hour >= 12 !== b.hour >= 12) return { time: 0 };
    if (a.hour !== b.hour) return { time: 1 };
    if (a.minute !== b.minute) return { time: 2 };
    return { time: a.second === b.second ? 4 : 3 };
  }

  #patternedRange(pattern: string, from: number, to: number): RangePart[] {
    const sources = { "<": "startRange", ">": "endRange", "=": "shared" } as const;
    const parts: RangePart[] = [];
    for (const [, mark = "=", text = ""] of pattern.matchAll(/([<>=])([^<>=]*)/g)) {
      const source = sources[mark as "="];
      for (const { type, value } of this.#parts(text, mark === ">" ? to : from)) {
        const last = parts.at(-1);
        if (type === "literal" && last?.type === "literal" && last.source === source)
          parts[parts.length - 1] = { type, value: last.value + value, source };
        else parts.push({ type, value, source });
      }
    }
    return parts;
  }
}

interface Moment {
  readonly fields: CalendarFields;
  readonly time: number;
  /** True if the time is on a whole hour. */
  readonly isExact: boolean;
}

export const DateTimeFormat = callable(defineConstructor("DateTimeFormat", DateTimeFormatImplementation, 0));

/** Formats for `Date.prototype.toLocaleString` and its variants. */
export function formatDate(date: Date, locales: unknown, options: unknown, defaults: DateDefaults): string {
  if (Number.isNaN(Date.prototype.getTime.call(date))) return "Invalid Date";
  return new DateTimeFormatImplementation(locales, options, defaults).format(date);
}

/** The precision of a difference: 0 for years to 6 for seconds, and 7 for less than a second. */
function levelOf({ date, time = 0 }: Difference): number {
  return date ?? time + 3;
}

function finestLevel(fields: DateFields): number {
  const levels = ["year", "month", "day", "dayPeriod", "hour", "minute", "second"] as const;
  return levels.findLastIndex((name) => fields[name] !== undefined);
}

const orderedFields = [
  "weekday",
  "era",
  "year",
  "month",
  "day",
  "dayPeriod",
  "hour",
  "minute",
  "second",
  "fractionalSecondDigits",
  "timeZoneName",
] as const;

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** @throws {RangeError} if the date is not valid */
function timeOf(date: unknown): number {
  const time = date === undefined ? now() : Number(date);
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) throw new RangeError("Invalid time value");
  return Math.trunc(time) + 0;
}

function isSupported(key: string, value: string, dataLocale: string): boolean {
  if (key === "ca") return isCalendar(value, dataLocale);
  return key === "hc" ? (hourCycles as readonly string[]).includes(value) : isNumbering(key, value);
}

function numberingOf(locale: string): string {
  return requireLocaleData<NumberData>("numbers", locale).numbering;
}

function cycleOf(hour12: boolean | undefined, asked: HourCycle | undefined, data: DateData): HourCycle {
  if (hour12 === undefined) return asked ?? data.hourCycle;
  return hour12 ? data.hour12 : "h23";
}

function hourOf({ hour }: CalendarFields, cycle: HourCycle): number {
  if (cycle === "h23") return hour;
  if (cycle === "h24") return hour || 24;
  return cycle === "h11" ? hour % 12 : hour % 12 || 12;
}
