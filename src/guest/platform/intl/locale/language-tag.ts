import {
  compoundAliases,
  keywordAliases,
  languageAliases,
  regionAliases,
  subdivisionAliases,
  variantAliases,
} from "./tag-aliases.ts";

/** Language tags in their canonical form (UTS 35, "Unicode BCP 47 locale identifier"). */

/** The part of a tag that precedes its extensions. */
interface LanguageId {
  readonly language: string;
  /** `Latn` */
  readonly script: string | undefined;
  /** `DE`, `419` */
  readonly region: string | undefined;
  readonly variants: readonly string[];
}

/** @throws {RangeError} if the tag is not valid */
export function canonicalTag(tag: string): string {
  const subtags = tag.toLowerCase().split("-");
  if (!/^[a-z0-9-]+$/i.test(tag) || subtags.some((subtag) => subtag.length === 0 || subtag.length > 8))
    refuse();
  const { id, rest } = takeLanguageId(subtags) ?? refuse();
  const extensions = takeExtensions(rest) ?? refuse();
  return [textOf(canonicalId(id)), ...extensions].join("-");
}

/** `undefined` if the subtags do not start with a language. */
function takeLanguageId(
  subtags: readonly string[],
): { readonly id: LanguageId; readonly rest: readonly string[] } | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const subtag = subtags[at];
    if (subtag === undefined || !pattern.test(subtag)) return undefined;
    at += 1;
    return subtag;
  };
  const language = take(/^(?:[a-z]{2,3}|[a-z]{5,8})$/);
  if (language === undefined) return undefined;
  const script = take(/^[a-z]{4}$/);
  const region = take(/^(?:[a-z]{2}|\d{3})$/)?.toUpperCase();
  const variants: string[] = [];
  for (let variant; (variant = take(/^(?:[a-z0-9]{5,8}|\d[a-z0-9]{3})$/)) !== undefined;) {
    if (variants.includes(variant)) return undefined;
    variants.push(variant);
  }
  return { id: { language, script: titleCase(script), region, variants }, rest: subtags.slice(at) };
}

function titleCase(script: string | undefined): string | undefined {
  return script === undefined ? undefined : script.slice(0, 1).toUpperCase() + script.slice(1);
}

/** Canonicalization by UTS 35, annex C. */
function canonicalId(id: LanguageId): LanguageId {
  let current = id;
  for (let next; (next = withLanguageAlias(current)) !== undefined;) current = next;
  const { language, script, region } = current;
  const variants = current.variants.map((variant) => aliasOf(variantAliases, variant) ?? variant);
  return {
    language,
    script: script === "Qaai" ? "Zinh" : script,
    region: region === undefined ? undefined : regionOf(region, current),
    variants: [...new Set(variants)].toSorted(),
  };
}

/** `undefined` if the language has no newer form. */
function withLanguageAlias(id: LanguageId): LanguageId | undefined {
  const hasMore = id.variants.length > 0 || compoundAliases.includes(`;${id.language}-`);
  const rule = hasMore ? compoundRules().find(({ from }) => isWithin(from, id)) : undefined;
  if (rule !== undefined) return replaced(id, rule.from, rule.to);
  const alias = aliasOf(languageAliases, id.language);
  const to = alias === undefined ? undefined : takeLanguageId(alias.toLowerCase().split("-"))?.id;
  return to === undefined
    ? undefined
    : replaced(id, { ...to, script: undefined, region: undefined, variants: [] }, to);
}

interface Rule {
  readonly from: LanguageId;
  readonly to: LanguageId;
}

let rules: readonly Rule[] | undefined;

/** Rules with more subtags are applied first, and those for any language last. */
function weightOf(rule: string): number {
  return rule.split("-").length * 2 - Number(rule.startsWith("und-"));
}

/** The rules in the order in which they are tried. */
function compoundRules(): readonly Rule[] {
  rules ??= compoundAliases
    .slice(1, -1)
    .split(";")
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .flatMap((pair) => {
      const [from, to] = pair.split(" ").map((tag) => takeLanguageId(tag.toLowerCase().split("-")));
      return from === undefined || to === undefined || from.rest.length > 0
        ? []
        : [{ from: from.id, to: to.id }];
    });
  return rules;
}

function isWithin(part: LanguageId, whole: LanguageId): boolean {
  return (
    (part.language === "und" || part.language === whole.language) &&
    (part.script === undefined || part.script === whole.script) &&
    (part.region === undefined || part.region === whole.region) &&
    part.variants.every((variant) => whole.variants.includes(variant))
  );
}

/** Removes the subtags that the rule names, and adds those that it gives where the tag has none. */
function replaced(id: LanguageId, from: LanguageId, to: LanguageId): LanguageId {
  const script = from.script === undefined ? id.script : undefined;
  const region = from.region === undefined ? id.region : undefined;
  const variants = id.variants.filter((variant) => !from.variants.includes(variant));
  return {
    language: to.language === "und" ? id.language : to.language,
    script: script ?? to.script,
    region: region ?? to.region,
    variants: [...variants, ...to.variants],
  };
}

/** If several regions replace one, the language decides which of them is used. */
function regionOf(region: string, { language, script }: LanguageId): string {
  const [first, ...others] = aliasOf(regionAliases, region)?.split(" ") ?? [];
  if (first === undefined) return region;
  const names = script === undefined ? [language] : [`${language}-${script}`, language];
  const found = names.flatMap((name) => others.filter((other) => other.startsWith(`${name}:`)));
  return found[0]?.split(":")[1] ?? first;
}

/** Searches the text of the table directly, because tags have few subtags and the tables have many entries. */
function aliasOf(table: string, old: string): string | undefined {
  const start = table.indexOf(`;${old} `);
  return start < 0 ? undefined : table.slice(start + old.length + 2, table.indexOf(";", start + 1));
}

function textOf({ language, script, region, variants }: LanguageId): string {
  return [language, script, region, ...variants].filter((part) => part !== undefined).join("-");
}

/** Sorts the extensions. `undefined` if one of them is not valid. */
function takeExtensions(subtags: readonly string[]): readonly string[] | undefined {
  const extensions: string[][] = [];
  for (const [index, subtag] of subtags.entries()) {
    const last = extensions.at(-1);
    if (last?.[0] === "x") last.push(subtag);
    else if (subtag.length === 1) {
      if (extensions.some(([letter]) => letter === subtag)) return undefined;
      if (index + 1 >= subtags.length || (subtag !== "x" && (subtags[index + 1]?.length ?? 0) < 2))
        return undefined;
      extensions.push([subtag]);
    } else if (last === undefined) return undefined;
    else last.push(subtag);
  }
  const canonical: string[] = [];
  for (const extension of extensions.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    const text =
      extension[0] === "u"
        ? unicodeExtension(extension.slice(1))
        : extension[0] === "t"
          ? transformed(extension)
          : extension.join("-");
    if (text === undefined) return undefined;
    canonical.push(text);
  }
  return canonical;
}

/** The sort key of an extension. Private use comes last. */
function placeOf([letter = ""]: readonly string[]): string {
  return letter === "x" ? "~" : letter;
}

function isField(subtag: string): boolean {
  return /^[a-z]\d$/.test(subtag);
}

function transformed(extension: readonly string[]): string | undefined {
  const subtags = extension.slice(1);
  const begin = subtags.findIndex(isField);
  const tag = begin < 0 ? subtags : subtags.slice(0, begin);
  const language = takeLanguageId(tag);
  if (tag.length > 0 && (language === undefined || language.rest.length > 0)) return undefined;
  const fields: string[][] = [];
  for (const subtag of subtags.slice(tag.length)) {
    if (isField(subtag)) fields.push([subtag]);
    else fields.at(-1)?.push(subtag);
  }
  if (fields.length + tag.length === 0 || fields.some(({ length }) => length < 2)) return undefined;
  const sorted = fields.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  const source = language === undefined ? [] : [textOf(canonicalId(language.id)).toLowerCase()];
  const values = sorted.map(([key = "", ...value]) => `${key}-${valueOf(key, value.join("-"))}`);
  return ["t", ...source, ...values].join("-");
}

/** The canonical value of a keyword. */
function valueOf(key: string, value: string): string {
  const alias = aliasOf(keywordAliases, `${key}-${value}`);
  if (alias !== undefined) return alias;
  return key === "rg" || key === "sd" ? (aliasOf(subdivisionAliases, value) ?? value) : value;
}

/** Attributes, then keywords sorted by key and without duplicates. The value `true` is omitted. */
function unicodeExtension(subtags: readonly string[]): string | undefined {
  const attributes = new Set<string>();
  const keywords = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const subtag of subtags) {
    if (subtag.length === 2) {
      if (/\d$/.test(subtag)) return undefined;
      values = [];
      if (!keywords.has(subtag)) keywords.set(subtag, values);
    } else if (values === undefined) attributes.add(subtag);
    else values.push(subtag);
  }
  const parts = [...keywords]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = valueOf(key, value.join("-"));
      return text === "" || text === "true" ? key : `${key}-${text}`;
    });
  return ["u", ...[...attributes].toSorted(), ...parts].join("-");
}

function refuse(): never {
  throw new RangeError("Incorrect locale information provided");
}
