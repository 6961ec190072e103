import { defineConstructor } from "../locale/constructor.ts";
import { requireLocaleData } from "../locale/data.ts";
import { keywordOption, resolveLocale, supportedLocales } from "../locale/locale.ts";
import type { ResolvedLocale } from "../locale/locale.ts";
import { ofPlural } from "../number/number-data.ts";
import type { ByPlural, NumberData } from "../number/number-data.ts";
import { isNumbering, NumberFormat } from "../number/number-format.ts";
import { asText, chooseOption, coercedOptions } from "../locale/options.ts";
import { PluralRules } from "../number/plural-rules.ts";
import type { Part } from "../locale/parts.ts";

export interface PhraseData {
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly relative: Readonly<Record<string, RelativeData>>;
}

interface RelativeData {
  readonly past: ByPlural;
  readonly future: ByPlural;
  readonly words?: Readonly<Record<string, string>>;
}

const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

class RelativeTimeFormatImplementation {
  readonly #locale: ResolvedLocale;
  readonly #numbering: string;
  readonly #style: "long" | "short" | "narrow";
  readonly #numeric: "always" | "auto";
  readonly #numbers: InstanceType<typeof NumberFormat>;
  readonly #plurals: InstanceType<typeof PluralRules>;

  constructor(locales?: unknown, givenOptions?: unknown) {
    const options = coercedOptions(givenOptions);
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    const nu = keywordOption(options, "numberingSystem");
    this.#locale = resolveLocale(locales, { nu }, isNumbering);
    const { dataLocale, keywords } = this.#locale;
    this.#numbering = keywords["nu"] ?? requireLocaleData<NumberData>("numbers", dataLocale).numbering;
    this.#style = chooseOption(options, "style", ["long", "short", "narrow"], "long");
    this.#numeric = chooseOption(options, "numeric", ["always", "auto"], "always");
    const numberOptions = { __proto__: null, numberingSystem: this.#numbering };
    this.#numbers = new NumberFormat(dataLocale, numberOptions);
    this.#plurals = new PluralRules(dataLocale);
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  format(value: unknown, unit: unknown): string {
    return this.#parts(value, unit)
      .map((part) => part.value)
      .join("");
  }

  formatToParts(value: unknown, unit: unknown): Part[] {
    return this.#parts(value, unit);
  }

  resolvedOptions(): Record<string, unknown> {
    const { locale } = this.#locale;
    return { locale, style: this.#style, numeric: this.#numeric, numberingSystem: this.#numbering };
  }

  #parts(value: unknown, unit: unknown): Part[] {
    const number = Number(value);
    const text = asText(unit);
    const name = units.find((one) => text === one || text === `${one}s`);
    if (name === undefined) throw new RangeError(`Invalid unit argument for format() '${text}'`);
    if (!Number.isFinite(number)) throw new RangeError("The value of a relative time is not finite");
    const data = requireLocaleData<PhraseData>("phrases", this.#locale.dataLocale).relative[
      `${name}-${this.#style}`
    ];
    const word =
      this.#numeric === "auto" ? data?.words?.[Object.is(number, -0) ? "-0" : String(number)] : undefined;
    if (word !== undefined) return [{ type: "literal", value: word }];
    const isPast = number < 0 || Object.is(number, -0);
    const pattern = ofPlural(
      (isPast ? data?.past : data?.future) ?? "#",
      this.#plurals.select(Math.abs(number)),
    );
    const [before = "", after] = pattern.split("#");
    const amount = this.#numbers
      .formatToParts(Math.abs(number))
      .map((part) => Object.assign(part, { unit: name }));
    const parts = [
      { type: "literal", value: before },
      ...(after === undefined ? [] : amount),
      { type: "literal", value: after ?? "" },
    ];
    return parts.filter((part) => part.value !== "");
  }
}

export const RelativeTimeFormat = defineConstructor(
  "RelativeTimeFormat",
  RelativeTimeFormatImplementation,
  0,
);
