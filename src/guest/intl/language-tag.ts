/** Language tags in their canonical form (UTS 35, "Unicode BCP 47 locale identifier"). */

const languages: Readonly<Record<string, string>> = {
  iw: "he",
  in: "id",
  ji: "yi",
  jw: "jv",
  mo: "ro",
  sh: "sr-Latn",
  tl: "fil",
  cmn: "zh",
  "zh-cmn": "zh",
};
const regions: Readonly<Record<string, string>> = {
  BU: "MM",
  DD: "DE",
  FX: "FR",
  TP: "TL",
  YD: "YE",
  ZR: "CD",
  UK: "GB",
};
const keywordAliases: Readonly<Record<string, string>> = {
  "ca-islamicc": "islamic-civil",
  "ca-ethiopic-amete-alem": "ethioaa",
  "ks-primary": "level1",
  "ks-tertiary": "level3",
  "ms-imperial": "uksystem",
  "tz-cnckg": "cnsha",
};

/** @throws {RangeError} where it is none */
export function canonicalTag(tag: string): string {
  const subtags = tag.toLowerCase().split("-");
  if (!/^[a-z0-9-]+$/i.test(tag) || subtags.some((subtag) => subtag.length === 0 || subtag.length > 8))
    refuse();
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const subtag = subtags[at];
    if (subtag === undefined || !pattern.test(subtag)) return undefined;
    at += 1;
    return subtag;
  };
  const language = take(/^(?:[a-z]{2,3}|[a-z]{5,8})$/) ?? refuse();
  const script = take(/^[a-z]{4}$/);
  const region = take(/^(?:[a-z]{2}|\d{3})$/);
  const variants: string[] = [];
  for (let variant; (variant = take(/^(?:[a-z0-9]{5,8}|\d[a-z0-9]{3})$/)) !== undefined;) {
    if (variants.includes(variant)) refuse();
    variants.push(variant);
  }
  const extensions = takeExtensions(subtags.slice(at)) ?? refuse();
  const [base = "", addedScript] = (languages[language] ?? language).split("-");
  return [
    base,
    titleCase(script ?? addedScript),
    region === undefined ? undefined : (regions[region.toUpperCase()] ?? region.toUpperCase()),
    ...variants.toSorted(),
    ...extensions,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("-");
}

function titleCase(script: string | undefined): string | undefined {
  return script === undefined ? undefined : script.slice(0, 1).toUpperCase() + script.slice(1);
}

/** In the order of their letters; `undefined` where something is wrong. */
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

/** Private use comes last. */
function placeOf([letter = ""]: readonly string[]): string {
  return letter === "x" ? "~" : letter;
}

function isField(subtag: string): boolean {
  return /^[a-z]\d$/.test(subtag);
}

function transformed(extension: readonly string[]): string | undefined {
  const [, first = ""] = extension;
  if (!/^(?:[a-z]{2,3}|[a-z]{5,8})$/.test(first) && !isField(first)) return undefined;
  const fields: string[][] = [[]];
  for (const subtag of extension.slice(1)) {
    if (isField(subtag)) fields.push([subtag]);
    else fields.at(-1)?.push(subtag);
  }
  const [language = [], ...rest] = fields;
  if (rest.some(({ length }) => length < 2)) return undefined;
  const sorted = rest.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return ["t", ...language, ...sorted.flat()].join("-");
}

/** Attributes, then keywords in the order of their keys, each once; `true` goes without saying. */
function unicodeExtension(subtags: readonly string[]): string {
  const attributes = new Set<string>();
  const keywords = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const subtag of subtags) {
    if (subtag.length === 2) {
      values = [];
      if (!keywords.has(subtag)) keywords.set(subtag, values);
    } else if (values === undefined) attributes.add(subtag);
    else values.push(subtag);
  }
  const parts = [...keywords]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = keywordAliases[`${key}-${value.join("-")}`] ?? value.join("-");
      return text === "" || text === "true" || (text === "yes" && /^k[bchnk]$/.test(key))
        ? key
        : `${key}-${text}`;
    });
  return ["u", ...[...attributes].toSorted(), ...parts].join("-");
}

function refuse(): never {
  throw new RangeError("Incorrect locale information provided");
}
