import { normalize } from "../unicode/normalize.ts";
import { asText, chooseOption, locale, supportedLocalesOf } from "./locale.ts";

interface Options {
  readonly usage?: unknown;
  readonly sensitivity?: unknown;
  readonly numeric?: unknown;
  readonly caseFirst?: unknown;
  readonly ignorePunctuation?: unknown;
}

/**
 * `Intl.Collator`: letters before their accents before their case, as people sort. Scripts follow each other in
 * the order of their code points, where the root collation of Unicode has an order of its own.
 */
export class Collator {
  readonly #sensitivity: "variant" | "base" | "accent" | "case";
  readonly #isNumeric: boolean;
  readonly #usage: "sort" | "search";
  readonly compare: (a: unknown, b: unknown) => number;

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: Options = {}) {
    this.#usage = chooseOption("usage", options.usage, ["sort", "search"]);
    this.#sensitivity = chooseOption("sensitivity", options.sensitivity, [
      "variant",
      "base",
      "accent",
      "case",
    ]);
    this.#isNumeric = options.numeric === true;
    this.compare = (a, b) => this.#order(asText(a), asText(b));
  }

  resolvedOptions(): Record<string, unknown> {
    return {
      locale,
      usage: this.#usage,
      sensitivity: this.#sensitivity,
      ignorePunctuation: false,
      collation: "default",
      numeric: this.#isNumeric,
      caseFirst: "false",
    };
  }

  get [Symbol.toStringTag](): string {
    return "Intl.Collator";
  }

  #order(a: string, b: string): number {
    const [first, second] = [decomposed(a), decomposed(b)];
    const [baseA, baseB] = [withoutMarks(first), withoutMarks(second)];
    const byBase = compareBases(baseA.toLowerCase(), baseB.toLowerCase(), this.#isNumeric);
    if (byBase !== 0 || this.#sensitivity === "base") return byBase;
    const byMarks = this.#sensitivity === "case" ? 0 : compareText(first.toLowerCase(), second.toLowerCase());
    if (byMarks !== 0 || this.#sensitivity === "accent") return byMarks;
    // Small letters come first, and in ASCII they come last.
    return compareText(baseB, baseA);
  }
}

function decomposed(text: string): string {
  return normalize.call(text, "NFD");
}

function withoutMarks(text: string): string {
  // oxlint-disable-next-line no-misleading-character-class -- marks are what is looked for
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

/** Runs of digits are one unit each. */
function numbersAndText(text: string): string[] {
  return text.match(/\d+|[^]/g) ?? [];
}

function compareUnits(a: string, b: string): number {
  if (/^\d/.test(a) && /^\d/.test(b)) return Math.sign(Number(a) - Number(b));
  return Math.sign(rankOf(a) - rankOf(b));
}

/** The order of the root collation for what is neither digit nor letter. */
const marksInOrder = "\t\n\v\f\r \u00a0_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

function rankOf(character: string): number {
  const index = marksInOrder.indexOf(character);
  return index < 0 ? 1_000 + (character.codePointAt(0) ?? 0) : index;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
