import { digitWidths, textWidths } from "./date-data.ts";
import type { DigitWidth, TextWidth } from "./date-data.ts";
import { booleanOption, chooseOption, numberOption, textOption } from "../locale/options.ts";
import type { Options } from "../locale/options.ts";
import { zoneNameStyles } from "./zone-name.ts";
import type { ZoneNameStyle } from "./zone-name.ts";

/** The fields of an instant that are shown, and their widths. */
export interface DateFields {
  readonly weekday?: TextWidth | undefined;
  readonly era?: TextWidth | undefined;
  readonly year?: DigitWidth | undefined;
  readonly month?: DigitWidth | TextWidth | undefined;
  readonly day?: DigitWidth | undefined;
  readonly dayPeriod?: TextWidth | undefined;
  readonly hour?: DigitWidth | undefined;
  readonly minute?: DigitWidth | undefined;
  readonly second?: DigitWidth | undefined;
  readonly fractionalSecondDigits?: number | undefined;
  readonly timeZoneName?: ZoneNameStyle | undefined;
}

export const hourCycles = ["h11", "h12", "h23", "h24"] as const;
export type HourCycle = (typeof hourCycles)[number];

export const dateStyleNames = ["full", "long", "medium", "short"] as const;
export type DateStyle = (typeof dateStyleNames)[number];

export interface DateOptions {
  readonly calendar?: string | undefined;
  readonly numberingSystem?: string | undefined;
  readonly hour12?: boolean | undefined;
  readonly hourCycle?: HourCycle | undefined;
  readonly timeZone?: string | undefined;
  readonly fields: DateFields;
  readonly dateStyle?: DateStyle | undefined;
  readonly timeStyle?: DateStyle | undefined;
}

/** The fields that are shown if no field is requested, and which requested fields are sufficient. */
export interface DateDefaults {
  readonly required: "date" | "time" | "any";
  readonly defaults: "date" | "time" | "all";
}

const keyword = /^[a-z0-9]{3,8}(?:-[a-z0-9]{3,8})*$/i;

/** https://tc39.es/ecma402/#sec-createdatetimeformat. Options are read in the order of the standard. */
export function readDateOptions(options: Options, defaults: DateDefaults): DateOptions {
  chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
  const calendar = keywordText(options, "calendar");
  const numberingSystem = keywordText(options, "numberingSystem");
  const hour12 = booleanOption(options, "hour12");
  const hourCycle = chooseOption(options, "hourCycle", hourCycles, undefined);
  const timeZone = textOption(options, "timeZone");
  const fields = readFields(options);
  chooseOption(options, "formatMatcher", ["basic", "best fit"], "best fit");
  const dateStyle = chooseOption(options, "dateStyle", dateStyleNames, undefined);
  const timeStyle = chooseOption(options, "timeStyle", dateStyleNames, undefined);
  const given = {
    calendar,
    numberingSystem,
    hour12,
    hourCycle: hour12 === undefined ? hourCycle : undefined,
    timeZone,
  };
  if (dateStyle === undefined && timeStyle === undefined)
    return { ...given, fields: withDefaults(fields, defaults) };
  const explicit = Object.entries(fields).find(([, value]) => value !== undefined);
  if (explicit !== undefined) {
    const style = dateStyle === undefined ? "timeStyle" : "dateStyle";
    throw new TypeError(`Can't set option ${explicit[0]} when ${style} is used`);
  }
  if (defaults.required === "date" && timeStyle !== undefined)
    throw new TypeError("Invalid option : timeStyle");
  if (defaults.required === "time" && dateStyle !== undefined)
    throw new TypeError("Invalid option : dateStyle");
  return { ...given, fields: {}, dateStyle, timeStyle };
}

function keywordText(options: Options, name: string): string | undefined {
  const text = textOption(options, name);
  if (text === undefined || keyword.test(text)) return text?.toLowerCase();
  throw new RangeError(`Invalid ${name} : ${text}`);
}

function readFields(options: Options): DateFields {
  return {
    weekday: chooseOption(options, "weekday", textWidths, undefined),
    era: chooseOption(options, "era", textWidths, undefined),
    year: chooseOption(options, "year", digitWidths, undefined),
    month: chooseOption(options, "month", [...digitWidths, ...textWidths], undefined),
    day: chooseOption(options, "day", digitWidths, undefined),
    dayPeriod: chooseOption(options, "dayPeriod", textWidths, undefined),
    hour: chooseOption(options, "hour", digitWidths, undefined),
    minute: chooseOption(options, "minute", digitWidths, undefined),
    second: chooseOption(options, "second", digitWidths, undefined),
    fractionalSecondDigits: numberOption(options, "fractionalSecondDigits", {
      from: 1,
      to: 3,
      fallback: undefined,
    }),
    timeZoneName: chooseOption(options, "timeZoneName", zoneNameStyles, undefined),
  };
}

const dateNames = ["weekday", "year", "month", "day"] as const;
const timeNames = ["dayPeriod", "hour", "minute", "second", "fractionalSecondDigits"] as const;

function withDefaults(fields: DateFields, { required, defaults }: DateDefaults): DateFields {
  const counting = [...(required === "time" ? [] : dateNames), ...(required === "date" ? [] : timeNames)];
  if (counting.some((name) => fields[name] !== undefined)) return fields;
  const numeric = "numeric";
  return {
    ...fields,
    ...(defaults === "time" ? {} : { year: numeric, month: numeric, day: numeric }),
    ...(defaults === "date" ? {} : { hour: numeric, minute: numeric, second: numeric }),
  };
}
