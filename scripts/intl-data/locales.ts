/**
 * The locales whose data is generated: these languages, with every region for which the current Node's ICU has
 * data.
 */
const languages =
  "en de fr es pt it nl sv da nb no nn fi is pl cs sk hu ro bg hr sr sl lt lv et el tr uk ru he ar hi bn th id ms vi ja ko zh ca".split(
    " ",
  );

const otherRegions = ["001", "150", "419"];
const scripts = ["Hans", "Hant", "Latn", "Cyrl"];

/** Locales that, besides the language itself, may be the base from which another locale's difference is stored. */
const parents = ["en-001", "es-419", "pt-PT", "zh-Hant", "zh-Hant-HK", "sr-Latn", "ar-001", "fr-CH"];

function isKnown(tag: string): boolean {
  return new Intl.NumberFormat(tag).resolvedOptions().locale === tag;
}

/** Parents precede their children. */
export function allLocales(): readonly string[] {
  return languages.flatMap((language) => {
    const scripted = scripts.map((script) => `${language}-${script}`).filter(isKnown);
    const bases = [language, ...scripted];
    const regional = bases.flatMap((base) => regions().map((region) => `${base}-${region}`)).filter(isKnown);
    const all = new Set(
      [...bases, ...parents, ...regional].filter((tag) => tag === language || tag.startsWith(`${language}-`)),
    );
    return [...all];
  });
}

/** The locales of the same language that precede it in the list. */
export function candidateParents(locale: string): readonly string[] {
  const [language = "", ...rest] = locale.split("-");
  if (rest.length === 0) return [];
  const truncated = rest.length === 2 ? [`${language}-${rest[0]}`] : [];
  const named = parents.filter((parent) => parent.startsWith(`${language}-`) && parent !== locale);
  const isParent = parents.includes(locale) || (rest.length === 1 && scripts.includes(rest[0] ?? ""));
  return [language, ...truncated, ...(isParent ? [] : named)];
}

function regions(): readonly string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));
  return [...letters.flatMap((a) => letters.map((b) => a + b)), ...otherRegions];
}
