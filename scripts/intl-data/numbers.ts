/**
 * A locale's number formats, taken from the current Node. In patterns, `#` represents the digits, `¤` the currency,
 * and `-`, `+` and `%` the signs of the locale. Everything else is literal.
 */
export const pluralCategories = ["zero", "one", "two", "few", "many", "other"] as const;
export type Plural = (typeof pluralCategories)[number];
/** Patterns by plural category. A plain text applies to all categories. */
export type ByPlural = string | Readonly<Partial<Record<Plural, string>>>;

type Part = { readonly type: string; readonly value: string };

/** Patterns of a number of at least zero, of a negative one, and of one with a plus sign. */
export type Signed = readonly [plain: string, negative: string, positive: string];

export interface NumberData {
  readonly numbering: string;
  /** decimal, group, minus, plus, percent, infinity, NaN, exponent, "approximately" */
  readonly symbols: readonly string[];
  /** Number of digits of the lowest group, of the other groups, and of the minimum before the first separator. */
  readonly grouping: readonly number[];
  readonly decimal: Signed;
  readonly percent: Signed;
  /** Standard and accounting patterns, for a currency that ends in a symbol and for one that ends in a letter. */
  readonly currency: { readonly standard: readonly Signed[]; readonly accounting: readonly Signed[] };
  /** The name of a currency with the digits. */
  readonly currencyName: ByPlural;
  /** By power of ten from 3 to 15: the number of digits before the point less one, and the surrounding text. */
  readonly compact: Readonly<Record<"short" | "long" | "currency" | "currencyLong", Compact>>;
  readonly range: string;
  readonly currencyRange: string;
  /** The decimal and the group separator of currencies, if they differ. */
  readonly currencySymbols?: readonly string[];
  /** The format of euros, if it differs. */
  readonly euro?: Pick<NumberData, "currency" | "currencySymbols">;
}

/** `"2|# Tsd."` is divided so that three digits precede the point. */
export type Compact = readonly ByPlural[];

export function tabulateNumbers(locale: string, probes: Readonly<Record<string, number>>): NumberData {
  const format = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, options);
  const parts = (options: Intl.NumberFormatOptions, value: number): Part[] =>
    format(options).formatToParts(value);
  const find = (type: string, options: Intl.NumberFormatOptions, value: number): string =>
    parts(options, value).find((part) => part.type === type)?.value ?? "";
  const signed = (options: Intl.NumberFormatOptions): Signed => [
    patternOf(parts(options, 1)),
    patternOf(parts(options, -1)),
    patternOf(parts({ ...options, signDisplay: "always" }, 1)),
  ];
  const money = (currency: string, options: Intl.NumberFormatOptions = {}): Signed[] =>
    (["narrowSymbol", "code"] as const).map((currencyDisplay) =>
      signed({ style: "currency", currency, ...options, currencyDisplay }),
    );
  const moneyOf = (currency: string): Pick<NumberData, "currency" | "currencySymbols"> => {
    const symbols = separators({ style: "currency", currency, minimumFractionDigits: 2 });
    return {
      currency: { standard: money(currency), accounting: money(currency, { currencySign: "accounting" }) },
      ...(symbols.join() === own.join() ? {} : { currencySymbols: symbols }),
    };
  };
  const separators = (options: Intl.NumberFormatOptions): string[] => [
    find("decimal", { minimumFractionDigits: 1, ...options }, 1.5),
    find("group", { useGrouping: "always", ...options }, 1_234_567),
  ];
  const own = separators({});
  const [usual, euro] = [moneyOf(symbolic(locale)), moneyOf("EUR")];
  const compactCurrency = {
    style: "currency",
    currency: symbolic(locale),
    currencyDisplay: "narrowSymbol",
  } as const;
  const name = { style: "currency", currency: "XXX", currencyDisplay: "name" } as const;
  return {
    numbering: format({}).resolvedOptions().numberingSystem,
    symbols: [
      ...own,
      find("minusSign", {}, -1),
      find("plusSign", { signDisplay: "always" }, 1),
      find("percentSign", { style: "percent" }, 1),
      find("infinity", {}, Infinity),
      find("nan", {}, Number.NaN),
      find("exponentSeparator", { notation: "scientific" }, 1000),
      approximately(locale),
    ],
    grouping: groupingOf(locale),
    decimal: signed({}),
    percent: signed({ style: "percent" }),
    ...usual,
    ...(JSON.stringify(usual) === JSON.stringify(euro) ? {} : { euro }),
    currencyName: byPlural(probes, (value) => patternOf(parts({ ...name, ...digitsOf(value) }, value))),
    compact: {
      short: compact({ compactDisplay: "short" }),
      long: compact({ compactDisplay: "long" }),
      currency: compact({ ...compactCurrency, compactDisplay: "short" }),
      currencyLong: compact({ ...compactCurrency, compactDisplay: "long" }),
    },
    range: rangeOf({}),
    currencyRange: rangeOf({ style: "currency", currency: "EUR", maximumFractionDigits: 0 }),
  };

  function compact(options: Intl.NumberFormatOptions): Compact {
    const formatter = format({
      notation: "compact",
      maximumFractionDigits: 1,
      useGrouping: false,
      ...options,
    });
    const rules = new Intl.PluralRules(locale);
    return Array.from({ length: 13 }, (_, index) => {
      const power = index + 3;
      const digits =
        formatter.formatToParts(10 ** power).find(({ type }) => type === "integer")?.value.length ?? 1;
      const all: Partial<Record<Plural, string>> = {};
      for (const mantissa of mantissas(digits)) {
        const shown = formatter.formatToParts(Number(`${mantissa}e${power - digits + 1}`));
        all[rules.select(mantissa)] ??= `${digits - 1}|${patternOf(shown)}`;
      }
      return shortened(all);
    });
  }

  function rangeOf(options: Intl.NumberFormatOptions): string {
    const formatter = format(options);
    return formatter
      .formatRangeToParts(3, 5)
      .filter(({ source, type }) => source === "shared" && type === "literal")
      .map(({ value }) => value)
      .join("");
  }
}

/** Numbers with that many digits before the point, of all plural categories that exist. */
function mantissas(digits: number): readonly number[] {
  const from = 10 ** (digits - 1);
  const whole = Array.from({ length: Math.min(150, 9 * from) }, (_, index) => from + index);
  return [...whole, ...(digits === 1 ? [1.5, 2.5] : []), from + 0.5];
}

/** A currency whose narrow symbol has no letter in this locale. */
function symbolic(locale: string): string {
  const isSymbol = (currency: string): boolean =>
    new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" })
      .formatToParts(1)
      .some(({ type, value }) => type === "currency" && /^[^\p{L}\p{Z}\d.]+$/u.test(value));
  return ["USD", "GBP", "JPY", "EUR"].find(isSymbol) ?? "USD";
}

/** Options with which a whole number has no fraction digits, and other numbers keep theirs. */
function digitsOf(value: number): Intl.NumberFormatOptions {
  return Number.isInteger(value) ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 1 };
}

const tokens: Readonly<Record<string, string>> = {
  minusSign: "-",
  plusSign: "+",
  percentSign: "%",
  currency: "¤",
};
const digitTypes = new Set(["integer", "group", "decimal", "fraction", "nan", "infinity"]);

export function patternOf(parts: readonly Part[]): string {
  let pattern = "";
  for (const { type, value } of parts) {
    if (digitTypes.has(type)) {
      if (!pattern.endsWith("#")) pattern += "#";
    } else pattern += tokens[type] ?? value;
  }
  return pattern;
}

/** The pattern of each plural category of the locale, obtained with one number of each. */
export function byPlural(
  probes: Readonly<Record<string, number>>,
  pattern: (value: number) => string | undefined,
): ByPlural {
  const all: Partial<Record<string, string>> = {};
  for (const [category, value] of Object.entries(probes)) {
    const text = pattern(value);
    if (text !== undefined) all[category] = text;
  }
  return shortened(all);
}

function shortened(all: Readonly<Partial<Record<string, string>>>): ByPlural {
  const other = all["other"] ?? Object.values(all)[0] ?? "";
  const different = Object.entries(all).filter(([category, text]) => category !== "other" && text !== other);
  return different.length === 0 ? other : { ...Object.fromEntries(different), other };
}

function groupingOf(locale: string): number[] {
  const integers = (value: number, useGrouping: "always" | "auto"): number[] =>
    new Intl.NumberFormat(locale, { useGrouping, maximumFractionDigits: 0 })
      .formatToParts(value)
      .filter(({ type }) => type === "integer")
      .map(({ value }) => Array.from(value).length);
  const all = integers(12_345_678_901, "always");
  const least = [1_234, 12_345, 123_456].findIndex((value) => integers(value, "auto").length > 1) + 1;
  return [all.at(-1) ?? 3, all.at(-2) ?? 3, least || 1];
}

function approximately(locale: string): string {
  const parts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).formatRangeToParts(3, 3);
  return parts.find(({ type }) => type === "approximatelySign")?.value ?? "~";
}

/** Currencies of a locale: the symbols that differ from the code, and the names. */
export interface CurrencyData {
  readonly symbols: Readonly<Record<string, string>>;
  /** Narrow symbols that differ from the usual one. */
  readonly narrow: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, ByPlural>>;
}

export function tabulateCurrencies(
  locale: string,
  currencies: readonly string[],
  probes: Readonly<Record<string, number>>,
): CurrencyData {
  const symbols: Record<string, string> = {};
  const narrow: Record<string, string> = {};
  const names: Record<string, ByPlural> = {};
  for (const currency of currencies) {
    const show = (currencyDisplay: "symbol" | "narrowSymbol" | "name", value: number): string =>
      new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay, ...digitsOf(value) })
        .formatToParts(value)
        .find(({ type }) => type === "currency")?.value ?? "";
    const [usual, short] = [show("symbol", 1), show("narrowSymbol", 1)];
    if (usual !== currency) symbols[currency] = usual;
    if (short !== usual) narrow[currency] = short;
    const name = byPlural(probes, (value) => show("name", value));
    if (name !== currency) names[currency] = name;
  }
  return { symbols, narrow, names };
}

export interface UnitData {
  /** By display (`short`, `narrow`, `long`), then by unit: `# km`. */
  readonly simple: Readonly<Record<string, Readonly<Record<string, ByPlural>>>>;
  /** Compound units by the second unit. `{0}` is the pattern of the first one. */
  readonly per: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Patterns of compound units that are not built from the two units. */
  readonly compound: Readonly<Record<string, Readonly<Record<string, ByPlural>>>>;
}

export function tabulateUnits(locale: string, probes: Readonly<Record<string, number>>): UnitData {
  const units = Intl.supportedValuesOf("unit");
  const data = { simple: {}, per: {}, compound: {} } as Record<
    keyof UnitData,
    Record<string, Record<string, ByPlural>>
  >;
  for (const unitDisplay of ["short", "narrow", "long"] as const) {
    const pattern = (unit: string): ByPlural =>
      byPlural(probes, (value) =>
        patternOf(
          new Intl.NumberFormat(locale, {
            style: "unit",
            unit,
            unitDisplay,
            ...digitsOf(value),
          }).formatToParts(value),
        ),
      );
    const simple = Object.fromEntries(units.map((unit) => [unit, pattern(unit)]));
    const per: Record<string, string> = {};
    const compound: Record<string, ByPlural> = {};
    for (const below of units) {
      const frames = ["hectare", "terabit"].map((above) =>
        frameOf(pattern(`${above}-per-${below}`), simple[above] ?? ""),
      );
      if (frames[0] !== undefined) per[below] = frames[0];
    }
    for (const unit of ownCompounds) {
      const [above = "", below = ""] = unit.split("-per-");
      const actual = pattern(unit);
      const made = mapPlural(simple[above] ?? "", (text) => (per[below] ?? "").replace("{0}", text));
      if (JSON.stringify(actual) !== JSON.stringify(made)) compound[unit] = actual;
    }
    Object.assign(data.simple, { [unitDisplay]: simple });
    Object.assign(data.per, { [unitDisplay]: per });
    Object.assign(data.compound, { [unitDisplay]: compound });
  }
  return data as unknown as UnitData;
}

/** All compound units for which CLDR has a separate name in some locale. */
const ownCompounds = [
  "kilometer-per-hour",
  "meter-per-second",
  "mile-per-hour",
  "mile-per-gallon",
  "liter-per-kilometer",
];

function frameOf(compound: ByPlural, simple: ByPlural): string | undefined {
  const [text, part] = [otherOf(compound), otherOf(simple)];
  return text.includes(part) ? text.replace(part, "{0}") : undefined;
}

function otherOf(value: ByPlural): string {
  return typeof value === "string" ? value : (value.other ?? "");
}

function mapPlural(value: ByPlural, map: (text: string) => string): ByPlural {
  if (typeof value === "string") return map(value);
  return Object.fromEntries(Object.entries(value).map(([category, text]) => [category, map(text)]));
}
