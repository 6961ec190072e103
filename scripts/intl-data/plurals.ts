/** CLDR's plural rules from `cldr-core`, in the version that the current Node's ICU contains. */
import ordinals from "cldr-core/supplemental/ordinals.json" with { type: "json" };
import ranges from "cldr-core/supplemental/pluralRanges.json" with { type: "json" };
import cardinals from "cldr-core/supplemental/plurals.json" with { type: "json" };

export interface PluralData {
  /** Conditions as CLDR writes them, by category. */
  readonly cardinal: Readonly<Record<string, string>>;
  readonly ordinal: Readonly<Record<string, string>>;
  /** The plural category of a range, keyed like `"one-other"`. A missing range has the category of its end. */
  readonly ranges: Readonly<Record<string, string>>;
}

type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function pluralsOf(language: string): PluralData {
  return {
    cardinal: rulesOf(cardinals.supplemental["plurals-type-cardinal"], language),
    ordinal: rulesOf(ordinals.supplemental["plurals-type-ordinal"], language),
    ranges: rangesOf(ranges.supplemental.plurals, language),
  };
}

function rulesOf(all: Rules, language: string): Record<string, string> {
  const rules = Object.entries(all[language] ?? all[language.split("-")[0] ?? ""] ?? {}).map(
    ([key, rule]) => [key.replace("pluralRule-count-", ""), rule.replace(/ *@.*/s, "")] as const,
  );
  return Object.fromEntries(rules.filter(([category]) => category !== "other"));
}

function rangesOf(all: Rules, language: string): Record<string, string> {
  const rules = Object.entries(all[language] ?? all[language.split("-")[0] ?? ""] ?? {}).map(
    ([key, category]) => {
      const [, from, to] = /^pluralRange-start-(\w+)-end-(\w+)$/.exec(key) ?? [];
      return [`${from}-${to}`, category] as const;
    },
  );
  return Object.fromEntries(rules.filter(([key, category]) => !key.endsWith(`-${category}`)));
}
