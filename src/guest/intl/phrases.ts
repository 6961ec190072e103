import { chooseOption, locale, supportedLocalesOf } from "./locale.ts";
import { NumberFormat, textOf } from "./number-format.ts";
import type { Part } from "./number-format.ts";

/** `Intl.ListFormat` of English. */
export class ListFormat {
  readonly #type: "conjunction" | "disjunction" | "unit";
  readonly #style: "long" | "short" | "narrow";

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: { readonly type?: unknown; readonly style?: unknown } = {}) {
    this.#type = chooseOption("type", options.type, ["conjunction", "disjunction", "unit"]);
    this.#style = chooseOption("style", options.style, ["long", "short", "narrow"]);
  }

  format(items: Iterable<string>): string {
    return textOf(this.formatToParts(items));
  }

  formatToParts(items: Iterable<string>): Part[] {
    const values = [...items];
    return values.flatMap((value, index) => {
      const element = { type: "element", value };
      return index === 0
        ? [element]
        : [{ type: "literal", value: this.#joint(index, values.length) }, element];
    });
  }

  resolvedOptions(): Record<string, unknown> {
    return { locale, type: this.#type, style: this.#style };
  }

  /** What stands before the element of that index. */
  #joint(index: number, count: number): string {
    if (this.#type === "unit") return this.#style === "narrow" ? " " : ", ";
    if (index < count - 1) return ", ";
    if (this.#type === "disjunction") return count === 2 ? " or " : ", or ";
    const word = { long: "and ", short: "& ", narrow: "" }[this.#style];
    return count === 2 && word !== "" ? ` ${word}` : `, ${word}`;
  }
}

const relativeUnits = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
const shortUnits = ["sec.", "min.", "hr.", "day", "wk.", "mo.", "qtr.", "yr."];
const narrowUnits = ["s", "m", "h", "d", "w", "mo", "q", "y"];
const exact: Readonly<Record<string, readonly [before: string, same: string, after: string]>> = {
  second: ["1 second ago", "now", "in 1 second"],
  day: ["yesterday", "today", "tomorrow"],
};

/** `Intl.RelativeTimeFormat` of English. */
export class RelativeTimeFormat {
  readonly #numeric: "always" | "auto";
  readonly #style: "long" | "short" | "narrow";

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: { readonly numeric?: unknown; readonly style?: unknown } = {}) {
    this.#numeric = chooseOption("numeric", options.numeric, ["always", "auto"]);
    this.#style = chooseOption("style", options.style, ["long", "short", "narrow"]);
  }

  /** @throws {RangeError} where there is no such unit, or the value is not finite */
  format(value: unknown, unit: unknown): string {
    const [number, index] = [Number(value), relativeUnits.indexOf(String(unit).replace(/s$/, ""))];
    if (index < 0) throw new RangeError(`Invalid unit argument for format() '${String(unit)}'`);
    if (!Number.isFinite(number)) throw new RangeError("Value need to be finite number");
    const name = relativeUnits[index] ?? "";
    const word = this.#numeric === "auto" ? wordFor(number, name) : undefined;
    if (word !== undefined) return word;
    const amount = this.#amountOf(Math.abs(number), index);
    return number < 0 || Object.is(number, -0) ? `${amount} ago` : `in ${amount}`;
  }

  formatToParts(value: unknown, unit: unknown): Part[] {
    return [{ type: "literal", value: this.format(value, unit) }];
  }

  resolvedOptions(): Record<string, unknown> {
    return { locale, numeric: this.#numeric, style: this.#style, numberingSystem: "latn" };
  }

  #amountOf(magnitude: number, index: number): string {
    const text = new NumberFormat().format(magnitude);
    if (this.#style === "narrow") return `${text}${narrowUnits[index]}`;
    const name = (this.#style === "long" ? relativeUnits : shortUnits)[index] ?? "";
    const hasPlural = this.#style === "long" || name === "day" || name === "qtr.";
    return `${text} ${magnitude === 1 || !hasPlural ? name : name.replace(/(\.?)$/, "s$1")}`;
  }
}

function wordFor(number: number, unit: string): string | undefined {
  if (![-1, 0, 1].includes(number)) return undefined;
  const words = exact[unit];
  if (words !== undefined) return unit === "second" && number !== 0 ? undefined : words[number + 1];
  if (number === 0) return `this ${unit}`;
  return ["minute", "hour"].includes(unit) ? undefined : `${number < 0 ? "last" : "next"} ${unit}`;
}
