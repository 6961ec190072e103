/** Lists, relative times and display names of a locale, taken from the current Node. */
import { byPlural, patternOf } from "./numbers.ts";
import type { ByPlural } from "./numbers.ts";

export interface PhraseData {
  /**
   * By type and style, such as `"conjunction-long"`: the texts after the first item, between items, before the last
   * item, and between two items.
   */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** By unit and style, `"day-long"`. */
  readonly relative: Readonly<Record<string, RelativeData>>;
}

export interface RelativeData {
  readonly past: ByPlural;
  readonly future: ByPlural;
  /** By number, the words of `numeric: "auto"`. */
  readonly words?: Readonly<Record<string, string>>;
}

const styles = ["long", "short", "narrow"] as const;
const relativeUnits = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"] as const;

export function tabulatePhrases(locale: string, probes: Readonly<Record<string, number>>): PhraseData {
  const lists: Record<string, string[]> = {};
  const relative: Record<string, RelativeData> = {};
  for (const style of styles) {
    for (const type of ["conjunction", "disjunction", "unit"] as const)
      lists[`${type}-${style}`] = listLiterals(new Intl.ListFormat(locale, { type, style }));
    for (const unit of relativeUnits)
      relative[`${unit}-${style}`] = relativeTime(locale, unit, style, probes);
  }
  return { lists, relative };
}

function listLiterals(format: Intl.ListFormat): string[] {
  const literals = (items: readonly string[]): string[] => {
    const found: string[] = [""];
    for (const { type, value } of format.formatToParts(items)) {
      if (type === "element") found.push("");
      else found[found.length - 1] += value;
    }
    return found;
  };
  const [, start = "", middle = "", end = ""] = literals(["א", "א", "א", "א"]);
  const [before = "", pair = "", after = ""] = literals(["א", "א"]);
  if (before !== "" || after !== "")
    throw new Error("A list pattern has text before the first or after the last item");
  return [start, middle, end, pair];
}

function relativeTime(
  locale: string,
  unit: (typeof relativeUnits)[number],
  style: (typeof styles)[number],
  probes: Readonly<Record<string, number>>,
): RelativeData {
  const always = new Intl.RelativeTimeFormat(locale, { style });
  const auto = new Intl.RelativeTimeFormat(locale, { style, numeric: "auto" });
  const pattern = (value: number): string => patternOf(always.formatToParts(value, unit));
  const words: Record<string, string> = {};
  for (const value of [-3, -2, -1, -0, 0, 1, 2, 3]) {
    const [first, second] = auto.formatToParts(value, unit);
    if (
      first?.type === "literal" &&
      second === undefined &&
      auto.format(value, unit) !== always.format(value, unit)
    ) {
      words[Object.is(value, -0) ? "-0" : String(value)] = first.value;
    }
  }
  const data = {
    past: byPlural(probes, (value) => pattern(-value)),
    future: byPlural(probes, (value) => pattern(value)),
  };
  return Object.keys(words).length === 0 ? data : { ...data, words };
}

/** By type, then by code. */
export type NameData = Readonly<Record<string, Readonly<Record<string, string>>>>;

const nameTypes = ["language", "region", "script", "currency", "calendar", "dateTimeField"] as const;

export function tabulateNames(locale: string, codes: Readonly<Record<string, readonly string[]>>): NameData {
  const data: Record<string, Record<string, string>> = {};
  for (const type of nameTypes) {
    for (const style of styles) {
      const names = new Intl.DisplayNames(locale, { type, style, fallback: "none" });
      const before = style === "long" ? undefined : data[type];
      for (const code of codes[type] ?? []) {
        const name = names.of(code);
        if (name === undefined || name === before?.[code]) continue;
        (data[style === "long" ? type : `${type}-${style}`] ??= {})[code] = name;
      }
    }
  }
  const standard = new Intl.DisplayNames(locale, {
    type: "language",
    languageDisplay: "standard",
    fallback: "none",
  });
  for (const code of codes["language"] ?? []) {
    const name = standard.of(code);
    if (name !== undefined && name !== data["language"]?.[code])
      (data["language-standard"] ??= {})[code] = name;
  }
  return data;
}
