import { normalize } from "../../unicode/normalize.ts";
import { compileUnicode } from "../../unicode/rewrite-pattern.ts";
import { anonymous, callable, defineConstructor } from "../locale/constructor.ts";
import { canonicalLocales, keywordOption, resolveLocale, supportedLocales } from "../locale/locale.ts";
import { asText, booleanOption, chooseOption, coercedOptions } from "../locale/options.ts";

/** Languages that use the root collation of Unicode. */
const rootLanguages = ["en", "de", "fr", "it", "pt", "nl", "ca", "id", "ms"];

/**
 * `Intl.Collator`: compares letters, then accents, then case. Unlike in the root collation of Unicode, scripts are
 * in the order of their code points. Languages with another collation get the default one, and `resolvedOptions`
 * says so.
 */
class CollatorImplementation {
  readonly #locale: string;
  readonly #sensitivity: "variant" | "base" | "accent" | "case";
  readonly #isNumeric: boolean;
  readonly #usage: "sort" | "search";
  readonly #caseFirst: "upper" | "lower" | "false";
  readonly #isPunctuationIgnored: boolean;
  #compare: ((a: unknown, b: unknown) => number) | undefined;

  constructor(locales?: unknown, givenOptions?: unknown) {
    const options = coercedOptions(givenOptions);
    this.#usage = chooseOption(options, "usage", ["sort", "search"], "sort");
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    keywordOption(options, "collation");
    const numeric = booleanOption(options, "numeric");
    const kf = chooseOption(options, "caseFirst", caseOrders, undefined);
    const known = canonicalLocales(locales).filter(isKnown);
    const kn = numeric === undefined ? undefined : String(numeric);
    const { locale, keywords } = resolveLocale(known, { kf, kn }, (key, value) =>
      (key === "kn" ? ["true", "false"] : (caseOrders as readonly string[])).includes(value),
    );
    this.#locale = locale;
    this.#isNumeric = keywords["kn"] === "true";
    this.#caseFirst = caseOrders.find((order) => order === keywords["kf"]) ?? "false";
    const sensitivities = ["base", "accent", "case", "variant"] as const;
    this.#sensitivity = chooseOption(options, "sensitivity", sensitivities, "variant");
    this.#isPunctuationIgnored = booleanOption(options, "ignorePunctuation") ?? false;
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options).filter(isKnown);
  }

  get compare(): (a: unknown, b: unknown) => number {
    this.#compare ??= anonymous((a: unknown, b: unknown) => this.#order(asText(a), asText(b)));
    return this.#compare;
  }

  resolvedOptions(): Record<string, unknown> {
    return {
      locale: this.#locale,
      usage: this.#usage,
      sensitivity: this.#sensitivity,
      ignorePunctuation: this.#isPunctuationIgnored,
      collation: "default",
      numeric: this.#isNumeric,
      caseFirst: this.#caseFirst,
    };
  }

  #order(a: string, b: string): number {
    const compared = this.#isPunctuationIgnored ? [a, b].map(withoutPunctuation) : [a, b];
    const [first = "", second = ""] = compared.map(decomposed);
    const [baseA, baseB] = [withoutMarks(first), withoutMarks(second)];
    const byBase = compareBases(
      expanded(baseA.toLowerCase()),
      expanded(baseB.toLowerCase()),
      this.#isNumeric,
    );
    if (byBase !== 0 || this.#sensitivity === "base") return byBase;
    const byMarks = this.#sensitivity === "case" ? 0 : compareText(first.toLowerCase(), second.toLowerCase());
    if (byMarks !== 0 || this.#sensitivity === "accent") return byMarks;
    // By default, lower case comes first, but in ASCII it comes last.
    return this.#caseFirst === "upper" ? compareText(baseA, baseB) : compareText(baseB, baseA);
  }
}

export const Collator = callable(defineConstructor("Collator", CollatorImplementation, 0));

const caseOrders: readonly ("upper" | "lower" | "false")[] = ["upper", "lower", "false"];

function isKnown(tag: string): boolean {
  return rootLanguages.includes(tag.split("-")[0] ?? "");
}

/** Letters that sort like others without decomposing to them. */
const expansions: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ĳ: "ij",
  ð: "d",
  đ: "d",
  ø: "o",
  ħ: "h",
  ł: "l",
  ŀ: "l",
  ſ: "s",
  ª: "a",
  º: "o",
  ﬁ: "fi",
  ﬂ: "fl",
};

function decomposed(text: string): string {
  return normalize.call(text, "NFD");
}

let punctuation: RegExp | undefined;

function withoutPunctuation(text: string): string {
  punctuation ??= compileUnicode("[\\p{P}\\s]", "gu");
  return text.replaceAll(punctuation, "");
}

function expanded(base: string): string {
  return base.replaceAll(/[^\0-\x7f]/g, (letter) => expansions[letter] ?? letter);
}

function withoutMarks(text: string): string {
  // oxlint-disable-next-line no-misleading-character-class -- the expression matches combining marks
  return text.replaceAll(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g, "");
}

function compareBases(a: string, b: string, isNumeric: boolean): number {
  const [first, second] = isNumeric ? [a, b].map(numbersAndText) : [Array.from(a), Array.from(b)];
  for (const [index, one] of (first ?? []).entries()) {
    const other = second?.[index];
    if (other === undefined) return 1;
    const order = compareUnits(one, other);
    if (order !== 0) return order;
  }
  return (second?.length ?? 0) > (first?.length ?? 0) ? -1 : 0;
}

/** Splits a text so that each run of digits is one unit. */
function numbersAndText(text: string): string[] {
  return text.match(/\d+|[^]/g) ?? [];
}

function compareUnits(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) return Math.sign(Number(a) - Number(b));
  return Math.sign(rankOf(a) - rankOf(b));
}

/** The order of the root collation for characters that are neither digits nor letters. */
const marksInOrder = "\t\n\v\f\r \u00a0_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

function rankOf(character: string): number {
  const index = marksInOrder.indexOf(character);
  return index < 0 ? 1_000 + (character.codePointAt(0) ?? 0) : index;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
