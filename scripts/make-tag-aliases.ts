/**
 * Generates `src/guest/platform/intl/locale/tag-aliases.ts` from CLDR: the current forms of deprecated and overlong
 * subtags of language tags (UTS 35, annex C). It must be run again for another version of `cldr-core` and
 * `cldr-bcp47`.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface Alias {
  readonly _replacement: string;
}

interface TypeOfKey {
  readonly _alias?: string;
  readonly _preferred?: string;
}

const { alias } = read("cldr-core/supplemental/aliases.json", "metadata") as {
  readonly alias: Readonly<Record<string, Readonly<Record<string, Alias>>>>;
};
const likely = read("cldr-core/supplemental/likelySubtags.json", "likelySubtags") as Readonly<
  Record<string, string>
>;

writeFileSync(
  new URL("../src/guest/platform/intl/locale/tag-aliases.ts", import.meta.url),
  `/** Written by scripts/make-tag-aliases.ts: pairs between semicolons, the old form before each new one. */

export const languageAliases = ${JSON.stringify(entries("languageAlias", isReplacedByNode))};

/** Languages with regions or variants. */
export const compoundAliases = ${JSON.stringify(entries("languageAlias", (key) => /^(?!i-).*-/.test(key)))};

/** Where several regions took the place of one, it is the first, unless a language has another. */
export const regionAliases = ${JSON.stringify(entries("territoryAlias", isRegion, regionsOf))};

export const subdivisionAliases = ${JSON.stringify(entries("subdivisionAlias", () => true, subdivisionOf))};

export const variantAliases = ${JSON.stringify(entries("variantAlias", () => true))};

/** Values of keywords of the extensions -u- and -t-, with their keys. */
export const keywordAliases = ${JSON.stringify(`;${keywordEntries().join(";")};`)};
`,
);

function read(path: string, ...keys: readonly string[]): unknown {
  const url = new URL(`../node_modules/${path}`, import.meta.url);
  const document = JSON.parse(readFileSync(url, "utf8")) as {
    readonly supplemental: Readonly<Record<string, unknown>>;
  };
  return keys.reduce<unknown>(
    (value, key) => (value as Readonly<Record<string, unknown>>)[key],
    document.supplemental,
  );
}

function entries(
  table: string,
  isWanted: (key: string) => boolean,
  convert: (replacement: string) => string = (replacement) => replacement,
): string {
  const pairs = Object.entries(alias[table] ?? {})
    .filter(([key]) => isWanted(key))
    .map(([key, { _replacement }]) => `${key} ${convert(_replacement)}`);
  return `;${pairs.join(";")};`;
}

function isRegion(key: string): boolean {
  return /^(?:[A-Z]{2}|\d{3})$/.test(key);
}

/** CLDR replaces some languages that ICU keeps. */
function isReplacedByNode(key: string): boolean {
  return !key.includes("-") && Intl.getCanonicalLocales(key)[0] !== key;
}

/** Parses a list like `RU hy:AM uk:UA`. */
function regionsOf(replacement: string): string {
  const [first = "", ...others] = replacement.split(" ");
  const languages = Object.entries(likely).flatMap(([tag, full]) => {
    const region = full.split("-").at(-1) ?? "";
    return others.includes(region) && /^(?!und$)[a-z]+(?:-[A-Z][a-z]{3})?$/.test(tag)
      ? [`${tag}:${region}`]
      : [];
  });
  return [first, ...languages].join(" ");
}

/** The subdivision of a whole region is the region followed by `zzzz`. */
function subdivisionOf(replacement: string): string {
  const [first = ""] = replacement.split(" ");
  return first.length === 2 ? `${first.toLowerCase()}zzzz` : first;
}

function keywordEntries(): readonly string[] {
  const files = [
    "calendar",
    "collation",
    "measure",
    "number",
    "segmentation",
    "timezone",
    "variant",
    "currency",
    "transform",
  ];
  return files.flatMap((file) => {
    const url = new URL(`../node_modules/cldr-bcp47/bcp47/${file}.json`, import.meta.url);
    const { keyword } = JSON.parse(readFileSync(url, "utf8")) as {
      readonly keyword: Readonly<
        Record<"u" | "t", Readonly<Record<string, Readonly<Record<string, unknown>>>>>
      >;
    };
    return Object.entries({ ...keyword.u, ...keyword.t }).flatMap(([key, types]) =>
      Object.entries(types).flatMap(([name, type]) => aliasesOf(key, name, type as TypeOfKey)),
    );
  });
}

function aliasesOf(key: string, name: string, type: TypeOfKey): readonly string[] {
  if (name.startsWith("_") || typeof type !== "object") return [];
  if (type._preferred !== undefined) return [`${key}-${name} ${type._preferred}`];
  return (type._alias ?? "")
    .split(" ")
    .filter((other) => /^[a-z0-9]{3,8}(?:-[a-z0-9]{3,8})*$/i.test(other) && other.toLowerCase() !== name)
    .map((other) => `${key}-${other.toLowerCase()} ${name}`);
}
