import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DateTimeFormat } from "../../src/guest/platform/intl/date/date-time-format.ts";
import { RelativeTimeFormat } from "../../src/guest/platform/intl/date/relative-time-format.ts";
import { intlIndex, useIntlData } from "../../src/guest/platform/intl/locale/data.ts";
import { NumberFormat } from "../../src/guest/platform/intl/number/number-format.ts";
import { PluralRules } from "../../src/guest/platform/intl/number/plural-rules.ts";
import { Collator } from "../../src/guest/platform/intl/text/collator.ts";
import { DisplayNames } from "../../src/guest/platform/intl/text/display-names.ts";
import { ListFormat } from "../../src/guest/platform/intl/text/list-format.ts";

const data = brotliDecompressSync(
  readFileSync(new URL("../../src/guest/platform/intl/data/intl.br", import.meta.url)),
);
useIntlData((offset, length) => data.toString("utf8", offset, offset + length));

/** `INTL_SAMPLES=100` compares a hundred times as much. */
const factor = Number(process.env["INTL_SAMPLES"] ?? 1);
const random = createRandom(Number(process.env["INTL_SEED"] ?? 7));
const locales = Object.keys(intlIndex().parents);
const languages = locales.filter((locale) => !locale.includes("-") && !/^(?:zh|th)/.test(locale));
const zones = Object.values(intlIndex().zoneAliases);

test("the locales in common use are supported", () => {
  const asked =
    "en en-GB de de-AT de-CH fr fr-CA es es-MX pt-BR it nl sv da nb fi pl cs sk hu ro el tr uk ru he ar hi th id vi ja ko zh-CN zh-TW";
  expect(NumberFormat.supportedLocalesOf(asked.split(" "))).toEqual(asked.split(" "));
});

test("the Intl data have the versions of the Node that runs the tests", () => {
  const { icu, cldr, tz, unicode } = process.versions as Record<string, string>;
  expect(intlIndex().versions).toEqual({ icu, cldr, tz, unicode });
});

describe("formatting", () => {
  test("numbers, percentages, amounts of money and units are formatted as in Node, in all notations", () => {
    compare(600 * factor, () => {
      const [locale, options, value] = [pick(locales), numberOptions(), pick(numbers)];
      return {
        asked: [locale, options, String(value)],
        of: (intl) => new intl.NumberFormat(locale, options).formatToParts(value),
      };
    });
  });

  test("number formats resolve to the same options as in Node", () => {
    compare(100 * factor, () => {
      const [locale, options] = [pick(locales), numberOptions()];
      return {
        asked: [locale, options],
        // This Node forgets these two for some combinations of others.
        of: (intl) => ({
          ...new intl.NumberFormat(locale, options).resolvedOptions(),
          currencySign: undefined,
          roundingPriority: undefined,
        }),
      };
    });
  });

  test("plurals and ordinals are selected as in Node", () => {
    compare(300 * factor, () => {
      const [locale, options] = [
        pick(locales),
        { type: pick(["cardinal", "ordinal"] as const), ...some({ minimumFractionDigits: [0, 1, 2] }) },
      ];
      const value = pick(numbers.filter((number) => typeof number === "number"));
      return {
        asked: [locale, options, value],
        of: (intl) => new intl.PluralRules(locale, options).select(value),
      };
    });
  });

  test("dates and times are formatted as in Node in all zones", () => {
    compare(600 * factor, () => {
      const [locale, options, time] = [pick(locales), dateOptions(), pick(times)];
      return {
        asked: [locale, options, time],
        of: (intl) => new intl.DateTimeFormat(locale, options).formatToParts(time),
      };
    });
  });

  test("date formats resolve to the same clock, calendar and digits as in Node", () => {
    compare(300 * factor, () => {
      const [locale, { timeZoneName: _, era: __, ...options }] = [pick(languages), dateOptions()];
      return {
        asked: [locale, options],
        of: (intl) => {
          const { timeZone, calendar, numberingSystem, hourCycle, hour12, ...rest } = new intl.DateTimeFormat(
            locale,
            options,
          ).resolvedOptions();
          return [timeZone, calendar, numberingSystem, hourCycle, hour12, rest.locale, rest.dateStyle];
        },
      };
    });
  });

  test("ranges of dates are formatted as in Node", () => {
    compare(150 * factor, () => {
      const options = pick<Intl.DateTimeFormatOptions>([
        dateFields(),
        { dateStyle: pick(["full", "long", "medium", "short"]) },
      ]);
      const [locale, from] = [
        pick(locales.filter((tag) => !tag.startsWith("th"))),
        pick(times.filter((time) => time > 0)),
      ];
      const to =
        from +
        pick([
          1_000,
          300_000,
          7_200_000,
          ...(options.hour === undefined ? [259_200_000, 3_456_000_000, 43_200_000_000] : []),
        ]);
      return {
        asked: [locale, options, from, to],
        of: (intl) => new intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).formatRange(from, to),
      };
    });
  });

  test("a range within a second is formatted as that second", () => {
    const options = { minute: "2-digit", second: "2-digit", timeZone: "UTC" } as const;
    const time = Date.UTC(2026, 0, 1, 0, 2, 3, 234);
    expect(new DateTimeFormat("en", options).formatRange(time, time + 500)).toBe("02:03");
  });

  test("lists are formatted as in Node", () => {
    compare(150 * factor, () => {
      const options = some({
        type: ["conjunction", "disjunction", "unit"] as const,
        style: ["long", "short", "narrow"] as const,
      });
      const [locale, items] = [
        pick(locales),
        ["a", "iglesia", "ocho", "B", "hielo"].slice(pick([0, 1, 2, 3, 4])),
      ];
      return {
        asked: [locale, options, items],
        of: (intl) => new intl.ListFormat(locale, options).formatToParts(items),
      };
    });
  });

  test("relative times are formatted as in Node", () => {
    compare(150 * factor, () => {
      const options = some({
        numeric: ["auto", "always"] as const,
        style: ["long", "short", "narrow"] as const,
      });
      const [locale, value] = [pick(locales), pick([0, -0, 1, -1, 2, -2, 5, -11, 21, 1.5, 1_234.5])];
      const unit = pick(["second", "minutes", "hour", "day", "weeks", "month", "quarter", "year"] as const);
      return {
        asked: [locale, options, value, unit],
        of: (intl) => new intl.RelativeTimeFormat(locale, options).formatToParts(value, unit),
      };
    });
  });

  test("names of languages, regions, scripts and currencies are the same as in Node", () => {
    compare(150 * factor, () => {
      const [type, code] = pick([
        ["language", "de"],
        ["language", "pt-BR"],
        ["language", "fr"],
        ["region", "DE"],
        ["region", "419"],
        ["script", "Cyrl"],
        ["currency", "EUR"],
        ["currency", "ABC"],
      ] as const);
      const [locale, options] = [
        pick(locales),
        {
          type,
          ...some({ style: ["long", "short", "narrow"] as const, fallback: ["code", "none"] as const }),
        },
      ];
      return {
        asked: [locale, options, code],
        of: (intl) => new intl.DisplayNames(locale, options).of(code),
      };
    });
  });

  test("each zone has the same time as in Node at each hour around its changes of this year", () => {
    for (const timeZone of new Set(zones)) {
      const options = { timeZone, dateStyle: "short", timeStyle: "long" } as const;
      const [ours, theirs] = [
        new DateTimeFormat("en-GB", options),
        new Intl.DateTimeFormat("en-GB", options),
      ];
      for (const day of [Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 9, 24, 22)])
        for (let time = day; time < day + 7_200_000 * factor; time += 3_600_000)
          expect([timeZone, ours.format(time)]).toEqual([timeZone, theirs.format(time)]);
    }
  });

  test("languages with the default sort order are sorted as in Node", () => {
    const words =
      "zebra Äpfel apfel Apfel äpfel résumé resume Résumé cote côte coté 10 9 item-2 item_1 _a Œuvre ß ss".split(
        " ",
      );
    for (const locale of ["en", "de", "fr", "it", "pt-BR", "nl"])
      for (const options of [{}, { sensitivity: "base" }, { numeric: true }] as const)
        expect(words.toSorted(new Collator(locale, options).compare)).toEqual(
          words.toSorted(new Intl.Collator(locale, options).compare),
        );
  });
});

describe("missing data", () => {
  test("an unknown zone is a RangeError", () => {
    expect(() => new DateTimeFormat("en", { timeZone: "Europe/Atlantis" })).toThrow(RangeError);
  });

  test("a locale without data resolves to the default locale", () => {
    const { locale } = new DateTimeFormat("mi-NZ", {}).resolvedOptions();
    expect([locale, NumberFormat.supportedLocalesOf(["mi-NZ"])]).toEqual(["en-US", []]);
  });

  test("a calendar without data resolves to the calendar of the locale", () => {
    expect(new DateTimeFormat("de", { calendar: "hebrew" }).resolvedOptions()).toMatchObject({
      calendar: "gregory",
    });
  });

  test("a collator does not claim to support a language whose sort order it lacks", () => {
    expect(new Collator("sv").resolvedOptions()["locale"]).toBe("en-US");
  });
});

interface AnyIntl {
  readonly NumberFormat: typeof Intl.NumberFormat;
  readonly DateTimeFormat: typeof Intl.DateTimeFormat;
  readonly PluralRules: typeof Intl.PluralRules;
  readonly ListFormat: typeof Intl.ListFormat;
  readonly RelativeTimeFormat: typeof Intl.RelativeTimeFormat;
  readonly DisplayNames: typeof Intl.DisplayNames;
}

const ours = {
  NumberFormat,
  DateTimeFormat,
  PluralRules,
  ListFormat,
  RelativeTimeFormat,
  DisplayNames,
} as unknown as AnyIntl;

interface Sample {
  readonly asked: unknown;
  readonly of: (intl: AnyIntl) => unknown;
}

function compare(count: number, sample: () => Sample): void {
  const differing: unknown[] = [];
  for (let index = 0; index < count && differing.length < 5; index += 1) {
    const { asked, of } = sample();
    const [own, nodes] = [ours, Intl].map((intl) => JSON.stringify(outcomeOf(() => of(intl))));
    if (own !== nodes) differing.push({ asked: JSON.stringify(asked), own, nodes });
  }
  expect(differing).toEqual([]);
}

function outcomeOf(compute: () => unknown): unknown {
  try {
    return compute();
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}

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
  1_234.5,
  -98_765.4321,
  1e6,
  1.5e9,
  Number.NaN,
  Infinity,
  -Infinity,
  1e21,
  123_456_789_012_345_678_901_234_567_890n,
  999_999,
  1_000,
  2,
  3,
  5,
  11,
  21,
  100,
  1e15,
];

function numberOptions(): Intl.NumberFormatOptions {
  const style = pick<Intl.NumberFormatOptions>([
    {},
    { style: "percent" },
    {
      style: "currency",
      currency: pick(["USD", "EUR", "JPY", "GBP", "CHF", "INR", "SEK", "KWD", "BRL", "CAD"]),
      ...some({
        currencyDisplay: ["code", "symbol", "narrowSymbol", "name"] as const,
        currencySign: ["accounting", "standard"] as const,
      }),
    },
    {
      style: "unit",
      unit: pick([
        "kilometer",
        "byte",
        "hour",
        "celsius",
        "percent",
        "kilometer-per-hour",
        "liter-per-kilometer",
        "megabyte-per-second",
      ]),
      ...some({ unitDisplay: ["short", "long", "narrow"] as const }),
    },
  ]);
  const digits = pick<Intl.NumberFormatOptions>([
    {},
    {},
    { minimumFractionDigits: 2 },
    { maximumFractionDigits: 0 },
    { maximumSignificantDigits: 3 },
    { minimumFractionDigits: 2, maximumFractionDigits: 2, roundingIncrement: 25 },
  ]);
  const isPercent = style.style === "percent" || style.unit === "percent";
  const notations = [
    "standard",
    ...(isPercent ? [] : (["compact"] as const)),
    "scientific",
    "engineering",
  ] as const;
  return {
    ...style,
    ...digits,
    ...some({
      notation: notations,
      compactDisplay: ["short", "long"] as const,
      signDisplay: ["auto", "always", "never", "exceptZero", "negative"] as const,
      useGrouping: [true, false, "min2", "always"] as const,
      roundingMode: ["ceil", "floor", "expand", "trunc", "halfEven"] as const,
      minimumIntegerDigits: [1, 3],
    }),
  };
}

const times = [
  0,
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 9, 25, 0, 59, 59),
  Date.UTC(2026, 10, 29, 12),
  Date.UTC(1985, 5, 1, 23, 30),
  Date.UTC(1943, 7, 1),
  Date.UTC(1890, 1, 1),
  Date.UTC(2050, 6, 1, 8, 5, 9, 123),
];

/** What people ask for: fields that belong together. */
function dateOptions(): Intl.DateTimeFormatOptions {
  const timeZone = pick([
    "UTC",
    "+05:30",
    pick(zones),
    pick(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]),
  ]);
  const style = ["full", "long", "medium", "short"] as const;
  if (random() < 0.4) return { timeZone, ...some({ dateStyle: style, timeStyle: style }, 0.8) };
  const clock = pick([{}, {}, { hour12: pick([true, false]) }, { hourCycle: pick(["h12", "h23"] as const) }]);
  const time = pick<Intl.DateTimeFormatOptions>([
    {},
    {},
    { hour: pick(digits) },
    { hour: pick(digits), minute: "2-digit" },
    { hour: pick(digits), minute: "2-digit", second: "2-digit" },
  ]);
  const zoneName = time.minute !== undefined && random() < 0.3 ? { timeZoneName: "short" as const } : {};
  return { timeZone, ...clock, ...dateFields(), ...time, ...zoneName };
}

function dateFields(): Intl.DateTimeFormatOptions {
  const text = ["short", "long"] as const;
  const month = pick([...digits, ...text]);
  return pick<Intl.DateTimeFormatOptions>([
    {},
    { year: pick(digits), month },
    { month, day: pick(digits) },
    { year: "numeric", month, day: pick(digits) },
    { weekday: pick(text), year: "numeric", month, day: pick(digits) },
  ]);
}

const digits = ["numeric", "2-digit"] as const;

function pick<T>(values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** Each of them with some probability, with one of its values. */
function some<T extends Readonly<Record<string, readonly unknown[]>>>(
  values: T,
  probability = 0.3,
): { -readonly [K in keyof T]?: T[K][number] } {
  const chosen = Object.entries(values).filter(() => random() < probability);
  return Object.fromEntries(chosen.map(([name, list]) => [name, pick(list)])) as {
    -readonly [K in keyof T]?: T[K][number];
  };
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_00_00_00_00;
  };
}

test.each([
  ["at the ends of time", "America/Vancouver", -8.64e15, "medium"],
  ["at the ends of time", "Asia/Tokyo", 8.64e15, "medium"],
  ["without an offset", "+00:00", 0, "full"],
  ["without an offset", "-00:00", 0, "full"],
] as const)("dates %s are formatted as in Node: %s", (_, timeZone, time, timeStyle) => {
  const options = { timeZone, dateStyle: "full", timeStyle } as const;
  for (const locale of ["en", "de", "ar"]) {
    expect(new DateTimeFormat(locale, options).format(time)).toBe(
      new Intl.DateTimeFormat(locale, options).format(time),
    );
  }
});
