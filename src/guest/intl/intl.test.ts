import { describe, expect, test } from "vitest";
import { Collator } from "./collator.ts";
import { DateTimeFormat } from "./date-time-format.ts";
import { NumberFormat } from "./number-format.ts";
import { ListFormat, RelativeTimeFormat } from "./phrases.ts";
import { PluralRules } from "./plural-rules.ts";

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.005,
  2.675,
  12.3456,
  999.995,
  1234.5,
  -98765.4321,
  1e6,
  1.5e9,
  NaN,
  Infinity,
  1e21,
];

describe("numbers are formatted as Node does", () => {
  test.each<Intl.NumberFormatOptions>([
    {},
    { style: "percent" },
    { style: "percent", maximumFractionDigits: 1 },
    { style: "currency", currency: "USD" },
    { style: "currency", currency: "jpy" },
    { style: "currency", currency: "EUR", currencyDisplay: "code" },
    { style: "currency", currency: "CHF" },
    { minimumFractionDigits: 2 },
    { maximumFractionDigits: 0 },
    { minimumFractionDigits: 1, maximumFractionDigits: 4 },
    { useGrouping: false },
    { minimumIntegerDigits: 3 },
    { signDisplay: "always" },
    { signDisplay: "exceptZero" },
    { maximumSignificantDigits: 3 },
    { minimumSignificantDigits: 4 },
    { notation: "compact" },
    { style: "unit", unit: "kilometer" },
  ])("with %j", (options) => {
    const [own, native] = [
      new NumberFormat("en-US", options as Record<string, unknown>),
      new Intl.NumberFormat("en-US", options),
    ];
    for (const number of numbers)
      expect([number, own.format(number)]).toEqual([number, native.format(number)]);
    expect(own.formatToParts(1234.5)).toEqual(native.formatToParts(1234.5));
  });

  test("beyond what a double holds", () => {
    expect(new NumberFormat().format(12_345_678_901_234_567_890n)).toBe("12,345,678,901,234,567,890");
  });
});

const times = [
  0,
  Date.UTC(2026, 2, 5, 9, 7, 3, 45),
  Date.UTC(1999, 11, 31, 23, 59, 59, 999),
  Date.UTC(2024, 1, 29, 12),
];

describe("times are formatted as Node does", () => {
  test.each<Intl.DateTimeFormatOptions>([
    {},
    { dateStyle: "full" },
    { dateStyle: "long", timeStyle: "long" },
    { dateStyle: "medium", timeStyle: "short" },
    { dateStyle: "short", timeStyle: "medium" },
    { timeStyle: "full" },
    { year: "numeric", month: "long" },
    { year: "numeric", month: "2-digit", day: "2-digit" },
    { month: "short", day: "numeric" },
    { weekday: "long" },
    { weekday: "short", year: "numeric", month: "short", day: "numeric" },
    { weekday: "short", month: "numeric", day: "numeric" },
    { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
    { hour: "numeric", minute: "numeric" },
    { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
    {
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
    },
    { hour: "numeric" },
    { minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
    { timeZone: "+05:30", hour: "numeric", minute: "numeric", timeZoneName: "short" },
  ])("with %j", (options) => {
    const zoned = { timeZone: "UTC", ...options };
    const [own, native] = [new DateTimeFormat("en-US", zoned), new Intl.DateTimeFormat("en-US", zoned)];
    for (const time of times) expect(own.formatToParts(time)).toEqual(native.formatToParts(time));
  });

  test.each([{ timeZone: "Europe/Berlin" }, { timeZone: "Nowhere" }])("but not in %j", (options) => {
    expect(() => new DateTimeFormat("en-US", options)).toThrow(RangeError);
  });

  test("but not where there is no time", () => {
    expect(() => new DateTimeFormat().format(Number.NaN)).toThrow(RangeError);
  });
});

describe("words are what they are in Node", () => {
  test.each<Intl.CollatorOptions>([
    {},
    { numeric: true },
    { sensitivity: "base" },
    { sensitivity: "accent" },
  ])("sorted with %j", (options) => {
    const words = [
      "b",
      "a",
      "C",
      "A",
      "ä",
      "z",
      "Zoë",
      "zoe",
      "item 10",
      "item 9",
      "item-2",
      "",
      "é",
      "E",
      "_x",
      "1",
      "~",
    ];
    const [own, native] = [new Collator("en-US", options), new Intl.Collator("en-US", options)];
    for (const a of words)
      for (const b of words) expect([a, b, own.compare(a, b)]).toEqual([a, b, native.compare(a, b)]);
  });

  test.each<Intl.ListFormatOptions>([
    {},
    { type: "disjunction" },
    { type: "unit" },
    { style: "short" },
    { style: "narrow" },
  ])("listed with %j", (options) => {
    for (const items of [[], ["a"], ["a", "b"], ["a", "b", "c"]]) {
      expect(new ListFormat("en", options).format(items)).toBe(
        new Intl.ListFormat("en", options).format(items),
      );
    }
  });

  test.each<Intl.RelativeTimeFormatOptions>([
    {},
    { numeric: "auto" },
    { style: "short" },
    { style: "narrow" },
  ])("relative with %j", (options) => {
    const [own, native] = [new RelativeTimeFormat("en", options), new Intl.RelativeTimeFormat("en", options)];
    for (const unit of ["second", "minutes", "hour", "day", "week", "months", "quarter", "year"] as const) {
      for (const value of [-2, -1, 0, 1, 2, 1500]) {
        expect([unit, own.format(value, unit)]).toEqual([unit, native.format(value, unit)]);
      }
    }
  });

  test.each(["cardinal", "ordinal"] as const)("counted as %ss", (type) => {
    const [own, native] = [new PluralRules("en", { type }), new Intl.PluralRules("en", { type })];
    for (let number = 0; number < 130; number += 1)
      expect([number, own.select(number)]).toEqual([number, native.select(number)]);
  });
});
