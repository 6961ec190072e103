import { requireLocaleData } from "../locale/data.ts";
import { toDecimal } from "./decimal.ts";
import { roundNumber } from "./digits.ts";
import type { RoundedNumber } from "./digits.ts";
import { defineConstructor } from "../locale/constructor.ts";
import { resolveLocale, supportedLocales } from "../locale/locale.ts";
import { notations, readDigitOptions } from "./number-options.ts";
import type { DigitOptions } from "./number-options.ts";
import { exponentOf } from "./notation.ts";
import type { NumberData } from "./number-data.ts";
import { chooseOption, coercedOptions } from "../locale/options.ts";

const categories = ["zero", "one", "two", "few", "many", "other"];

/** The operands of plural rules (UTS 35, "Plural operand meanings"). */
interface Operands {
  readonly n: number;
  readonly i: number;
  readonly v: number;
  readonly w: number;
  readonly f: number;
  readonly t: number;
  readonly e: number;
}

class PluralRulesImplementation {
  readonly #locale: string;
  readonly #dataLocale: string;
  readonly #type: "cardinal" | "ordinal";
  readonly #notation: (typeof notations)[number];
  readonly #compactDisplay: "short" | "long";
  readonly #digits: DigitOptions;

  constructor(locales?: unknown, givenOptions?: unknown) {
    const options = coercedOptions(givenOptions);
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    this.#type = chooseOption(options, "type", ["cardinal", "ordinal"], "cardinal");
    this.#notation = chooseOption(options, "notation", notations, "standard");
    this.#compactDisplay = chooseOption(options, "compactDisplay", ["short", "long"], "short");
    this.#digits = readDigitOptions(options, {
      minimum: 0,
      maximum: 3,
      isCompact: this.#notation === "compact",
    });
    const { locale, dataLocale } = resolveLocale(locales, {}, () => false);
    this.#locale = locale;
    this.#dataLocale = dataLocale;
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  select(value: unknown): string {
    return this.#select(Number(value));
  }

  selectRange(start: unknown, end: unknown): string {
    if (start === undefined || end === undefined) throw new TypeError("A range has a start and an end");
    const [from, to] = [Number(start), Number(end)];
    if (Number.isNaN(from) || Number.isNaN(to)) throw new RangeError("A range has no NaN");
    return pluralOfRange(this.#dataLocale, this.#select(from), this.#select(to));
  }

  resolvedOptions(): Record<string, unknown> {
    const rules = rulesOf(this.#dataLocale, this.#type);
    const present = categories.filter((category) => category === "other" || rules.has(category));
    const { roundingMode, roundingPriority, roundingIncrement, trailingZeroDisplay, ...digits } =
      this.#digits;
    return {
      locale: this.#locale,
      type: this.#type,
      notation: this.#notation,
      ...(this.#notation === "compact" ? { compactDisplay: this.#compactDisplay } : {}),
      ...orderedDigits(digits),
      pluralCategories: present,
      roundingIncrement,
      roundingMode,
      roundingPriority,
      trailingZeroDisplay,
    };
  }

  #select(number: number): string {
    const decimal = toDecimal(number);
    if (decimal.kind !== "finite") return "other";
    const data = requireLocaleData<NumberData>("numbers", this.#dataLocale);
    const exponent = exponentOf(decimal, {
      ...this.#digits,
      notation: this.#notation,
      compact: data.compact[this.#compactDisplay],
    });
    const rounded = roundNumber({ ...decimal, exponent: decimal.exponent - exponent }, this.#digits);
    return pluralOf(this.#dataLocale, rounded, this.#type, exponent);
  }
}

export const PluralRules = defineConstructor("PluralRules", PluralRulesImplementation, 0);

/** Only the options that are set, in the order of the standard. */
export function orderedDigits(digits: Partial<DigitOptions>): Record<string, number> {
  const names = [
    "minimumIntegerDigits",
    "minimumFractionDigits",
    "maximumFractionDigits",
    "minimumSignificantDigits",
    "maximumSignificantDigits",
  ] as const;
  const known: Record<string, number> = {};
  for (const name of names) {
    const value = digits[name];
    if (value !== undefined) known[name] = value;
  }
  return known;
}

/** Only this many digits of a number are used, because ICU's operands have no room for more. */
const longDigits = 18;

type Rule = (operands: Operands) => boolean;

const compiled = new Map<string, ReadonlyMap<string, Rule>>();

function rulesOf(locale: string, type: "cardinal" | "ordinal"): ReadonlyMap<string, Rule> {
  const key = `${type} ${locale}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { plurals } = requireLocaleData<NumberData>("numbers", locale);
  const rules = new Map(
    Object.entries(plurals[type]).map(([category, text]) => [category, compileRule(text)]),
  );
  compiled.set(key, rules);
  return rules;
}

/** The plural category of a formatted number, whose exponent is written as digits or as words. */
export function pluralOf(
  locale: string,
  { integer, fraction }: Pick<RoundedNumber, "integer" | "fraction">,
  type: "cardinal" | "ordinal" = "cardinal",
  exponent = 0,
): string {
  const moved = exponent < 0 ? integer.padStart(1 - exponent, "0") : integer + fraction.padEnd(exponent, "0");
  const point = exponent < 0 ? moved.length + exponent : integer.length + exponent;
  const whole = moved.slice(0, point);
  const rest = exponent < 0 ? moved.slice(point) + fraction : fraction.slice(exponent);
  const trimmed = rest.replace(/0+$/, "");
  const operands = {
    n: Number(`${whole}.${rest || "0"}`),
    i: Number(whole.slice(-longDigits)),
    v: rest.length,
    w: trimmed.length,
    f: Number(rest.slice(-longDigits) || 0),
    t: Number(trimmed.slice(-longDigits) || 0),
    e: exponent,
  };
  for (const [category, rule] of rulesOf(locale, type)) if (rule(operands)) return category;
  return "other";
}

export function pluralOfRange(locale: string, from: string, to: string): string {
  return requireLocaleData<NumberData>("numbers", locale).plurals.ranges[`${from}-${to}`] ?? to;
}

/** @param text a rule in CLDR's syntax: `n % 10 = 2..4 and n % 100 != 12..14 or v != 0` */
function compileRule(text: string): Rule {
  const alternatives = text.split(" or ").map((all) => all.split(" and ").map(compileRelation));
  return (operands) => alternatives.some((all) => all.every((relation) => relation(operands)));
}

function compileRelation(text: string): Rule {
  const [, operand = "n", modulus, sign, list = ""] =
    /^\s*([a-z])(?: % (\d+))? (!?=) (.*?)\s*$/.exec(text) ?? [];
  const ranges = list.split(",").map((range) => {
    const [from = 0, to = from] = range.split("..").map(Number);
    return [from, to] as const;
  });
  const name = (operand === "c" ? "e" : operand) as keyof Operands;
  return (operands) => {
    const value = modulus === undefined ? operands[name] : operands[name] % Number(modulus);
    const isWithin = ranges.some(([from, to]) => value >= from && value <= to && Number.isInteger(value));
    return isWithin === (sign === "=");
  };
}
