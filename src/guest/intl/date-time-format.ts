import { now } from "../clock.ts";
import { asText, chooseOption, locale, supportedLocalesOf } from "./locale.ts";
import { textOf } from "./number-format.ts";
import type { Part } from "./number-format.ts";

type Options = Readonly<Record<string, unknown>>;

const lengths = ["full", "long", "medium", "short"] as const;
const names = ["long", "short", "narrow"] as const;
const digits = ["numeric", "2-digit"] as const;
const months = "January February March April May June July August September October November December".split(
  " ",
);
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** What of an instant is shown, and how. */
interface Fields {
  readonly weekday?: (typeof names)[number] | undefined;
  readonly year?: (typeof digits)[number] | undefined;
  readonly month?: (typeof names)[number] | (typeof digits)[number] | undefined;
  readonly day?: (typeof digits)[number] | undefined;
  readonly hour?: (typeof digits)[number] | undefined;
  readonly minute?: (typeof digits)[number] | undefined;
  readonly second?: (typeof digits)[number] | undefined;
  readonly fractionalSecondDigits?: number | undefined;
  readonly timeZoneName?: "short" | "long" | undefined;
}

/** `Intl.DateTimeFormat` in American English and UTC, or at a fixed distance from it (`+02:00`). */
export class DateTimeFormat {
  readonly #fields: Fields;
  readonly #zone: TimeZone;
  readonly #hourCycle: "h12" | "h23";
  readonly #given: Options;
  readonly format: (date?: unknown) => string;

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: Options = {}) {
    this.#zone = readTimeZone(options["timeZone"]);
    this.#hourCycle = readHourCycle(options);
    this.#given = options;
    this.#fields = readFields(options);
    this.format = (date) => textOf(this.formatToParts(date));
  }

  /** @throws {RangeError} where the date is none */
  formatToParts(date?: unknown): Part[] {
    const time = date === undefined ? now() : Number(date);
    if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) throw new RangeError("Invalid time value");
    const at = new Date(Math.trunc(time) + this.#zone.offsetMs);
    const day = dateParts(at, this.#fields);
    const clock = timeParts(at, this.#fields, { zone: this.#zone, isHalved: this.#hourCycle === "h12" });
    if (day.length === 0 || clock.length === 0) return [...day, ...clock];
    return [...day, literal(this.#joint()), ...clock];
  }

  formatRange(start: unknown, end: unknown): string {
    const [from, to] = [this.format(start), this.format(end)];
    return from === to ? from : `${from} – ${to}`;
  }

  resolvedOptions(): Record<string, unknown> {
    const { dateStyle, timeStyle } = this.#given;
    const shown =
      dateStyle === undefined && timeStyle === undefined ? this.#fields : { dateStyle, timeStyle };
    const hours =
      this.#fields.hour === undefined
        ? {}
        : { hourCycle: this.#hourCycle, hour12: this.#hourCycle === "h12" };
    const known = Object.entries({ ...hours, ...shown }).filter(([, value]) => value !== undefined);
    const zone = { timeZone: this.#zone.name };
    return { locale, calendar: "gregory", numberingSystem: "latn", ...zone, ...Object.fromEntries(known) };
  }

  get [Symbol.toStringTag](): string {
    return "Intl.DateTimeFormat";
  }

  #joint(): string {
    const isSpelled = this.#fields.month === "long" && this.#given["dateStyle"] !== "medium";
    return isSpelled ? " at " : ", ";
  }
}

/** Which fields `toLocaleString` and its like show where nothing is asked for. */
export function withDefaults(options: Options, defaults: Options): Options {
  const isAsked = ["dateStyle", "timeStyle", ...fieldNames].some((name) => options[name] !== undefined);
  return isAsked ? options : { ...options, ...defaults };
}

export const dateDefaults = { year: "numeric", month: "numeric", day: "numeric" } as const;
export const timeDefaults = { hour: "numeric", minute: "numeric", second: "numeric" } as const;

const fieldNames = [
  "weekday",
  "year",
  "month",
  "day",
  "dayPeriod",
  "hour",
  "minute",
  "second",
  "fractionalSecondDigits",
];

interface TimeZone {
  readonly name: string;
  readonly offsetMs: number;
}

/** @throws {RangeError} for zones of places: the engine has no time zone data */
function readTimeZone(zone: unknown): TimeZone {
  const name = zone === undefined ? "UTC" : asText(zone);
  if (/^(?:Etc\/)?(?:UTC|GMT|UCT|Zulu|Universal)$/i.test(name)) return { name: "UTC", offsetMs: 0 };
  const [, sign, hours, minutes = "0"] = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(name) ?? [];
  if (hours === undefined)
    throw new RangeError(`Invalid time zone specified: ${name} (a workflow knows UTC and offsets as +02:00)`);
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  return { name: `${sign}${hours}:${minutes.padStart(2, "0")}`, offsetMs: offset * 60_000 };
}

function readHourCycle({ hour12, hourCycle }: Options): "h12" | "h23" {
  if (hour12 !== undefined) return hour12 ? "h12" : "h23";
  return chooseOption("hourCycle", hourCycle, ["h12", "h23", "h11", "h24"]).startsWith("h1") ? "h12" : "h23";
}

function readFields(options: Options): Fields {
  const { dateStyle, timeStyle } = options;
  if (dateStyle === undefined && timeStyle === undefined)
    return readSingleFields(withDefaults(options, dateDefaults));
  if (fieldNames.some((name) => options[name] !== undefined)) {
    throw new TypeError("Can't set option when dateStyle or timeStyle is used");
  }
  return {
    ...(dateStyle === undefined ? {} : dateFields(chooseOption("dateStyle", dateStyle, lengths))),
    ...(timeStyle === undefined ? {} : timeFields(chooseOption("timeStyle", timeStyle, lengths))),
  };
}

function dateFields(style: (typeof lengths)[number]): Fields {
  if (style === "short") return { year: "2-digit", month: "numeric", day: "numeric" };
  const fields = { year: "numeric", month: style === "medium" ? "short" : "long", day: "numeric" } as const;
  return style === "full" ? { weekday: "long", ...fields } : fields;
}

function timeFields(style: (typeof lengths)[number]): Fields {
  const fields = { hour: "numeric", minute: "2-digit" } as const;
  if (style === "short") return fields;
  if (style === "medium") return { ...fields, second: "2-digit" };
  return { ...fields, second: "2-digit", timeZoneName: style === "full" ? "long" : "short" };
}

function readSingleFields(options: Options): Fields {
  const choose = <T extends string>(name: string, values: readonly [T, ...T[]]): T | undefined =>
    options[name] === undefined ? undefined : chooseOption(name, options[name], values);
  const fraction = options["fractionalSecondDigits"];
  return {
    weekday: choose("weekday", names),
    year: choose("year", digits),
    month: choose("month", [...digits, ...names]),
    day: choose("day", digits),
    hour: choose("hour", digits),
    minute: choose("minute", digits),
    second: choose("second", digits),
    fractionalSecondDigits: fraction === undefined ? undefined : Number(fraction),
    timeZoneName: choose("timeZoneName", ["short", "long"]),
  };
}

function dateParts(at: Date, { weekday, year, month, day }: Fields): Part[] {
  const isSpelled = month !== undefined && month !== "numeric" && month !== "2-digit";
  const yearPart =
    year && part("year", year === "2-digit" ? pad(at.getUTCFullYear() % 100) : at.getUTCFullYear());
  const dayPart = day && part("day", sized(at.getUTCDate(), day));
  const monthPart =
    month &&
    part(
      "month",
      isSpelled ? shortened(months[at.getUTCMonth()], month) : sized(at.getUTCMonth() + 1, month),
    );
  const date = isSpelled
    ? join(", ", [join(" ", [monthPart && [monthPart], dayPart && [dayPart]]), yearPart && [yearPart]])
    : join("/", [monthPart && [monthPart], dayPart && [dayPart], yearPart && [yearPart]]);
  const spelled =
    isSpelled && day === undefined ? join(" ", [monthPart && [monthPart], yearPart && [yearPart]]) : date;
  const weekdayPart = weekday && part("weekday", shortened(weekdays[at.getUTCDay()], weekday));
  return join(", ", [weekdayPart && [weekdayPart], spelled]);
}

interface ClockOptions {
  readonly zone: TimeZone;
  readonly isHalved: boolean;
}

function timeParts(at: Date, fields: Fields, { zone, isHalved }: ClockOptions): Part[] {
  const { hour, minute, second, fractionalSecondDigits, timeZoneName } = fields;
  const hours = isHalved ? at.getUTCHours() % 12 || 12 : at.getUTCHours();
  const hourPart = hour && part("hour", isHalved ? sized(hours, hour) : pad(hours));
  // Beside others these have two digits, whatever was asked for.
  const minutePart = minute && part("minute", hour || second ? pad(at.getUTCMinutes()) : at.getUTCMinutes());
  const secondPart =
    second && part("second", minute ? pad(at.getUTCSeconds()) : sized(at.getUTCSeconds(), second));
  const clock = join(":", [hourPart && [hourPart], minutePart && [minutePart], secondPart && [secondPart]]);
  const fraction = fractionalSecondDigits && fractionParts(at, fractionalSecondDigits);
  const period = hour && isHalved && part("dayPeriod", at.getUTCHours() < 12 ? "AM" : "PM");
  const whole = join(" ", [[...clock, ...(fraction || [])], period && [period]]);
  return join(" ", [whole, timeZoneName && [part("timeZoneName", zoneName(zone, timeZoneName))]]);
}

function fractionParts(at: Date, count: number): Part[] {
  const text = String(at.getUTCMilliseconds()).padStart(3, "0").slice(0, count);
  return [literal("."), part("fractionalSecond", text)];
}

function zoneName({ name }: TimeZone, style: "short" | "long"): string {
  if (name === "UTC") return style === "long" ? "Coordinated Universal Time" : "UTC";
  return style === "long"
    ? `GMT${name}`
    : `GMT${name.replace(/([+-])0?(\d+):(\d+)/, (_, sign: string, hours: string, minutes: string) => sign + hours + (minutes === "00" ? "" : `:${minutes}`))}`;
}

/** The groups that there are, with a separator between each two. */
function join(separator: string, groups: readonly (readonly Part[] | undefined | "" | false)[]): Part[] {
  const present = groups.filter(
    (group) => group !== undefined && group !== "" && group !== false && group.length > 0,
  );
  return present.flatMap((group, index) =>
    index === 0 ? [...(group as Part[])] : [literal(separator), ...(group as Part[])],
  );
}

function part(type: string, value: string | number): Part {
  return { type, value: String(value) };
}

function literal(value: string): Part {
  return { type: "literal", value };
}

function shortened(name = "", style: string): string {
  return style === "long" ? name : name.slice(0, style === "short" ? 3 : 1);
}

function sized(number: number, style: string): string {
  return style === "2-digit" ? pad(number) : String(number);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
