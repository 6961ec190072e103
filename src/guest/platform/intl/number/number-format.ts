import { anonymous, callable, defineConstructor } from "../locale/constructor.ts";
import { intlIndex, localeData, requireLocaleData } from "../locale/data.ts";
import { isZero, magnitudeOf, scaled, toDecimal } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { groupsOf, inDigits, roundNumber } from "./digits.ts";
import type { RoundedNumber } from "./digits.ts";
import { keywordOption, resolveLocale, supportedLocales } from "../locale/locale.ts";
import type { ResolvedLocale } from "../locale/locale.ts";
import { compactEntry, exponentOf } from "./notation.ts";
import { ofPlural } from "./number-data.ts";
import type { ByPlural, Compact, CurrencyData, NumberData, Signed, UnitData } from "./number-data.ts";
import { readNumberOptions } from "./number-options.ts";
import type { NumberOptions } from "./number-options.ts";
import { chooseOption, coercedOptions } from "../locale/options.ts";
import { joinedParts, textOf } from "../locale/parts.ts";
import type { Part, RangePart } from "../locale/parts.ts";
import { orderedDigits, pluralOf, pluralOfRange } from "./plural-rules.ts";

class NumberFormatImplementation {
  readonly #locale: ResolvedLocale;
  readonly #numbering: string;
  readonly #options: NumberOptions;
  readonly #data: NumberData;
  #format: ((value: unknown) => string) | undefined;

  constructor(locales?: unknown, givenOptions?: unknown) {
    const options = coercedOptions(givenOptions);
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    const nu = keywordOption(options, "numberingSystem");
    this.#locale = resolveLocale(locales, { nu }, isNumbering);
    const { dataLocale, keywords } = this.#locale;
    const own = requireLocaleData<NumberData>("numbers", dataLocale);
    this.#numbering = keywords["nu"] ?? own.numbering;
    this.#data = numberData(dataLocale, this.#numbering);
    this.#options = readNumberOptions(options);
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  get format(): (value: unknown) => string {
    this.#format ??= anonymous((value: unknown) => textOf(this.#parts(toDecimal(value))));
    return this.#format;
  }

  formatToParts(value: unknown): Part[] {
    return this.#parts(toDecimal(value));
  }

  formatRange(start: unknown, end: unknown): string {
    return textOf(this.formatRangeToParts(start, end));
  }

  formatRangeToParts(start: unknown, end: unknown): RangePart[] {
    if (start === undefined || end === undefined) throw new TypeError("A range has a start and an end");
    const [from, to] = [toDecimal(start), toDecimal(end)];
    if (from.kind === "nan" || to.kind === "nan") throw new RangeError("A range has no NaN");
    return this.#rangeParts(from, to);
  }

  resolvedOptions(): Record<string, unknown> {
    const {
      style,
      currency,
      currencyDisplay,
      currencySign,
      unit,
      unitDisplay,
      notation,
      compactDisplay,
      ...rest
    } = this.#options;
    return {
      locale: this.#locale.locale,
      numberingSystem: this.#numbering,
      style,
      ...(currency === undefined ? {} : { currency, currencyDisplay, currencySign }),
      ...(unit === undefined ? {} : { unit, unitDisplay }),
      ...orderedDigits(rest),
      useGrouping: rest.useGrouping,
      notation,
      ...(notation === "compact" ? { compactDisplay } : {}),
      signDisplay: rest.signDisplay,
      roundingIncrement: rest.roundingIncrement,
      roundingMode: rest.roundingMode,
      roundingPriority: rest.roundingPriority,
      trailingZeroDisplay: rest.trailingZeroDisplay,
    };
  }

  #parts(decimal: Decimal): Part[] {
    const { number, middle, outer } = this.#layout(decimal);
    return joinedParts([...outer.prefix, ...middle.prefix, ...number, ...middle.suffix, ...outer.suffix]);
  }

  #layout(decimal: Decimal, plural?: string): Layout {
    const { dataLocale } = this.#locale;
    return layOut(decimal, {
      options: this.#options,
      data: this.#data,
      numbering: this.#numbering,
      locale: dataLocale,
      plural,
    });
  }

  /** ICU's behaviour: affixes that both numbers share are written once if they are more than a sign. */
  #rangeParts(from: Decimal, to: Decimal): RangePart[] {
    const [first, second] = [this.#layout(from), this.#layout(to)];
    if (textOf(this.#parts(from)) === textOf(this.#parts(to))) return this.#approximateParts(first);
    const { outer } = this.#layout(to, pluralOfRange(this.#locale.dataLocale, first.plural, second.plural));
    const isShared = isSameAffix(first.middle, second.middle) && lengthOf(first.middle) > 1;
    const hasExponent = first.number.some(({ type }) => type === "exponentInteger");
    const isRepeated = hasExponent || (!isShared && lengthOf(first.middle) > 0);
    const { range } = this.#data;
    const separator = isRepeated && range === range.trim() ? ` ${range} ` : range;
    const own = ({ number, middle }: Layout): readonly Part[] =>
      isShared ? number : [...middle.prefix, ...number, ...middle.suffix];
    return [
      ...marked([...outer.prefix, ...(isShared ? second.middle.prefix : [])], "shared"),
      ...marked(own(first), "startRange"),
      { type: "literal", value: separator, source: "shared" },
      ...marked(own(second), "endRange"),
      ...marked([...(isShared ? second.middle.suffix : []), ...outer.suffix], "shared"),
    ];
  }

  #approximateParts({ number, middle, outer }: Layout): RangePart[] {
    const sign = { type: "approximatelySign", value: this.#data.symbols[8] ?? "~" };
    return marked(
      [...outer.prefix, sign, ...middle.prefix, ...number, ...middle.suffix, ...outer.suffix],
      "shared",
    );
  }
}

function marked(parts: readonly Part[], source: RangePart["source"]): RangePart[] {
  return joinedParts(parts).map(({ type, value }) => ({ type, value, source }));
}

function isSameAffix(a: Affix, b: Affix): boolean {
  return textOf(a.prefix) === textOf(b.prefix) && textOf(a.suffix) === textOf(b.suffix);
}

function lengthOf({ prefix, suffix }: Affix): number {
  return Array.from(textOf(prefix) + textOf(suffix)).length;
}

export const NumberFormat = callable(defineConstructor("NumberFormat", NumberFormatImplementation, 0));

export function isNumbering(key: string, value: string): boolean {
  return key === "nu" && Object.hasOwn(intlIndex().digits, value);
}

/** The data of the locale with the symbols of a numbering system. */
function numberData(locale: string, numbering: string): NumberData {
  const own = requireLocaleData<NumberData>("numbers", locale);
  if (numbering === own.numbering) return own;
  const latin = localeData<NumberData>("latin", locale);
  const base = latin === undefined ? own : { ...own, ...latin, plurals: own.plurals };
  const symbols = intlIndex().digitSymbols[numbering];
  return symbols === undefined ? base : { ...base, symbols };
}

interface Writing {
  readonly options: NumberOptions;
  readonly data: NumberData;
  readonly numbering: string;
  readonly locale: string;
  /** The plural category if it is not that of the number itself. */
  readonly plural?: string | undefined;
}

interface Affix {
  readonly prefix: readonly Part[];
  readonly suffix: readonly Part[];
}

/** A number with its sign, currency and compact words, and around them the name of a unit or currency. */
interface Layout {
  readonly number: readonly Part[];
  readonly middle: Affix;
  readonly outer: Affix;
  readonly plural: string;
}

function layOut(given: Decimal, writing: Writing): Layout {
  const { options, data, locale } = writing;
  const decimal = options.style === "percent" ? scaled(given, 2) : given;
  const compact = compactTable(writing);
  const exponent = exponentOf(decimal, { ...options, compact });
  const rounded = roundNumber(scaled(decimal, -exponent), options);
  const sign = signOf(given, rounded, options.signDisplay);
  const isFinite = decimal.kind === "finite";
  const plural = isFinite ? pluralOf(locale, rounded, "cardinal", exponent) : "other";
  const hasWords = options.notation === "compact" && isFinite && exponent > 0;
  const entry = hasWords ? compactEntry(compact, magnitudeOf(scaled(rounded.rounded, exponent))) : undefined;
  const words = entry === undefined ? "#" : (ofPlural(entry, pluralOf(locale, rounded)).split("|")[1] ?? "#");
  const number = numberParts(rounded, exponent, writing);
  const naming = { options, data, locale, plural: writing.plural ?? plural };
  const [outer, inner] = patternsFor(sign, { ...writing, plural: naming.plural }, { words, isFinite });
  const isReplaced = !outer.includes("#");
  return {
    number: isReplaced ? [] : number,
    middle: isReplaced ? { prefix: [], suffix: [] } : affixesOf(inner, { ...naming, words: "compact" }),
    outer: affixesOf(outer, { ...naming, words: options.style === "currency" ? "currency" : "unit" }),
    plural,
  };
}

function compactTable({ options, data }: Writing): Compact {
  const isLong = options.compactDisplay === "long";
  if (hasOwnCompact(options)) return data.compact[isLong ? "currencyLong" : "currency"];
  return data.compact[isLong ? "long" : "short"];
}

/** Compact currencies have separate patterns, unless the name of the currency is written out. */
function hasOwnCompact({ style, currencyDisplay }: NumberOptions): boolean {
  return style === "currency" && currencyDisplay !== "name";
}

/** 0 for no sign, 1 for minus, 2 for plus: the index in a list of signed patterns. */
function signOf(
  decimal: Decimal,
  { rounded }: RoundedNumber,
  display: NumberOptions["signDisplay"],
): 0 | 1 | 2 {
  const isNothing = isZero(rounded) || decimal.kind === "nan";
  const { isNegative } = decimal;
  if (display === "never") return 0;
  if (display === "negative") return isNegative && !isNothing ? 1 : 0;
  if (display === "exceptZero" && isNothing) return 0;
  if (isNegative) return 1;
  return display === "always" || display === "exceptZero" ? 2 : 0;
}

interface Digits {
  /** The pattern of the compact words. */
  readonly words: string;
  readonly isFinite: boolean;
}

/** The pattern of the whole text, and that of the digits. The tokens are those of the data. */
function patternsFor(
  sign: 0 | 1 | 2,
  writing: Writing,
  digits: Digits,
): readonly [outer: string, inner: string] {
  const { options, data, locale, plural = "other" } = writing;
  const plain = data.decimal[sign].replace("#", digits.words);
  if (options.style === "percent") {
    // In compact notation, percent is formatted like a unit.
    if (options.notation === "compact") return [data.percent[0], plain];
    return ["#", data.percent[sign]];
  }
  if (options.style === "unit") return [unitPattern(options, locale, plural), plain];
  if (options.style === "decimal") return ["#", plain];
  if (options.currencyDisplay === "name") return [ofPlural(data.currencyName, plural), plain];
  return ["#", moneyPattern(sign, writing, digits)];
}

function moneyPattern(
  sign: 0 | 1 | 2,
  { options, data, locale }: Writing,
  { words, isFinite }: Digits,
): string {
  const { currency = "", currencyDisplay, currencySign } = options;
  const symbol = currencySymbol(currency, currencyDisplay, locale);
  const [symbolic = data.decimal, lettered = data.decimal] = moneyData(data, currency).currency[currencySign];
  const signed = isFinite && isLettered(symbol, symbolic[0]) ? lettered : symbolic;
  return words === "#" ? signed[sign] : compactMoney(signed, sign, spaced(words, symbol));
}

/** Some English locales have a separate format for euros. */
function moneyData(data: NumberData, currency: string): Pick<NumberData, "currency" | "currencySymbols"> {
  return currency === "EUR" && data.euro !== undefined ? data.euro : data;
}

/** Adds the sign of a currency pattern to a pattern of compact currency. */
function compactMoney(signed: Signed, sign: 0 | 1 | 2, compact: string): string {
  const [plain, text] = [signed[0], signed[sign]];
  const at = text.indexOf(plain);
  if (at >= 0) return text.slice(0, at) + compact + text.slice(at + plain.length);
  const before = /([^#¤\s]*[-+][^#¤\s]*)#/.exec(text)?.[1];
  if (before !== undefined) return compact.replace(/\s?#/, `${before}#`);
  const after = /#([^#¤\s]*[-+][^#¤\s]*)/.exec(text)?.[1];
  return after === undefined ? compact : compact.replace("#", `#${after}`);
}

function spaced(pattern: string, symbol: string): string {
  if (pattern.includes("¤#") && !isSymbol(symbol.at(-1) ?? "")) return pattern.replace("¤#", "¤\u00a0#");
  return pattern;
}

/** True if the currency symbol has a letter next to the digits, which requires a space between them. */
function isLettered(symbol: string, pattern: string): boolean {
  const characters = Array.from(symbol);
  const beside = pattern.indexOf("¤") < pattern.indexOf("#") ? characters.at(-1) : characters[0];
  return !isSymbol(beside ?? "");
}

const currencySigns = "$£¥¤€֏؋৲৳૱௹฿៛﷼¢￠￡￥￦+<=>|~^`";

function isSymbol(character: string): boolean {
  return (
    currencySigns.includes(character) ||
    (character >= "\u20a0" && character <= "\u20cf") ||
    /\s/.test(character)
  );
}

function currencySymbol(currency: string, display: string, locale: string): string {
  if (display === "code") return currency;
  const { symbols, narrow } = requireLocaleData<CurrencyData>("currencies", locale);
  const usual = symbols[currency] ?? currency;
  return display === "narrowSymbol" ? (narrow[currency] ?? usual) : usual;
}

function unitPattern(
  { unit = "", unitDisplay }: Pick<NumberOptions, "unit" | "unitDisplay">,
  locale: string,
  plural: string,
): string {
  const data = requireLocaleData<UnitData>("units", locale);
  const own: ByPlural | undefined = data.simple[unitDisplay]?.[unit] ?? data.compound[unitDisplay]?.[unit];
  if (own !== undefined) return ofPlural(own, plural);
  const [above = "", below = ""] = unit.split("-per-");
  const first = ofPlural(data.simple[unitDisplay]?.[above] ?? "#", plural);
  return (data.per[unitDisplay]?.[below] ?? "{0}").replace("{0}", first);
}

function numberParts(
  rounded: RoundedNumber,
  exponent: number,
  { options, data, numbering }: Writing,
): Part[] {
  const symbols = data.symbols;
  if (rounded.rounded.kind === "nan") return [{ type: "nan", value: symbols[6] ?? "NaN" }];
  if (rounded.rounded.kind === "infinite") return [{ type: "infinity", value: symbols[5] ?? "∞" }];
  const isMoney = options.style === "currency" && options.currencyDisplay !== "name";
  const own = isMoney ? (moneyData(data, options.currency ?? "").currencySymbols ?? symbols) : symbols;
  const integer = groupsOf(rounded.integer, data.grouping, options.useGrouping).flatMap(
    (group, index): Part[] => [
      ...(index === 0 ? [] : [{ type: "group", value: own[1] ?? "," }]),
      { type: "integer", value: inDigits(group, numbering) },
    ],
  );
  const fraction =
    rounded.fraction === ""
      ? []
      : [
          { type: "decimal", value: own[0] ?? "." },
          { type: "fraction", value: inDigits(rounded.fraction, numbering) },
        ];
  if (options.notation !== "scientific" && options.notation !== "engineering")
    return [...integer, ...fraction];
  return [
    ...integer,
    ...fraction,
    { type: "exponentSeparator", value: symbols[7] ?? "E" },
    ...(exponent < 0 ? minusOfExponent(data) : []),
    { type: "exponentInteger", value: inDigits(String(Math.abs(exponent)), numbering) },
  ];
}

/** Includes the mark that precedes the minus sign of a number. */
function minusOfExponent({ decimal, symbols }: NumberData): Part[] {
  const [mark = ""] = decimal[1].split("-");
  const sign = { type: "exponentMinusSign", value: symbols[2] ?? "-" };
  return isMarks(mark) && mark !== "" ? [{ type: "literal", value: mark }, sign] : [sign];
}

interface Naming {
  readonly options: NumberOptions;
  readonly data: NumberData;
  readonly locale: string;
  readonly plural: string;
  /** The part type of words in the pattern. */
  readonly words: string;
}

/** If the pattern has no placeholder for the digits, all of its text precedes them. */
function affixesOf(pattern: string, naming: Naming): Affix {
  const [before = "", after = ""] = pattern.split("#");
  return { prefix: affixParts(before, naming), suffix: affixParts(after, naming) };
}

function affixParts(affix: string, { options, data, locale, plural, words }: Naming): Part[] {
  const tokens = words === "compact" ? /([-+%¤])/ : /([%¤])/;
  return affix.split(tokens).flatMap((text): Part[] => {
    if (text === "-") return [{ type: "minusSign", value: data.symbols[2] ?? "-" }];
    if (text === "+") return [{ type: "plusSign", value: data.symbols[3] ?? "+" }];
    if (text === "%")
      return [
        words === "unit"
          ? { type: "unit", value: data.symbols[4] ?? "%" }
          : { type: "percentSign", value: data.symbols[4] ?? "%" },
      ];
    if (text === "¤") return [{ type: "currency", value: currencyText(options, locale, plural) }];
    return wordParts(text, words);
  });
}

function currencyText(
  { currency = "", currencyDisplay }: NumberOptions,
  locale: string,
  plural: string,
): string {
  if (currencyDisplay !== "name") return currencySymbol(currency, currencyDisplay, locale);
  const name = requireLocaleData<CurrencyData>("currencies", locale).names[currency];
  return name === undefined ? currency : ofPlural(name, plural);
}

/** Spaces are literals. The other text is the name of a unit or of a power of ten. */
function wordParts(text: string, words: string): Part[] {
  const type = words === "unit" || words === "compact" ? words : "literal";
  const [, before = "", word = "", after = ""] =
    /^([\s\u061c\u200e\u200f]*)(.*?)([\s\u061c\u200e\u200f]*)$/.exec(text) ?? [];
  const parts = [
    { type: "literal", value: before },
    { type: isMarks(word) ? "literal" : type, value: word },
    { type: "literal", value: after },
  ];
  return parts.filter(({ value }) => value !== "");
}

/** True for the parentheses of accounting formats and for directional marks. */
function isMarks(text: string): boolean {
  return /^[()\u061c\u200e\u200f]*$/.test(text);
}
