/**
 * Generates the data of the sandbox's `Intl`, `src/guest/platform/intl/data/intl.br`, from the current Node's ICU:
 * patterns, names and the transitions of time zones. The data is part of the repository because an engine must not
 * change with the Node version that builds it. It takes ten minutes: `node scripts/make-intl-data.ts`.
 *
 * The output is one text, compressed by brotli: eight hexadecimal digits with the length of the index; the index as
 * JSON (`IntlIndex`); then the sections that it lists, each as JSON, or as text for a time zone.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import timeZones from "cldr-bcp47/bcp47/timezone.json" with { type: "json" };
import { tabulateDates } from "./intl-data/dates.ts";
import { allLocales, candidateParents } from "./intl-data/locales.ts";
import { tabulateCurrencies, tabulateNumbers, tabulateUnits } from "./intl-data/numbers.ts";
import { difference } from "./intl-data/patch.ts";
import type { Json } from "./intl-data/patch.ts";
import { tabulateNames, tabulatePhrases } from "./intl-data/phrases.ts";
import { pluralsOf } from "./intl-data/plurals.ts";
import { tabulateZoneNames } from "./intl-data/zone-names.ts";
import { tabulateZones } from "./intl-data/zones.ts";
import type { ZoneTables } from "./intl-data/zones.ts";

const target = new URL("../src/guest/platform/intl/data/intl.br", import.meta.url);
/** The regions whose generic time zone names are included. */
const genericRegions = new Set([
  "en-GB",
  "en-CA",
  "en-AU",
  "en-IN",
  "en-NZ",
  "en-IE",
  "en-ZA",
  "pt-PT",
  "fr-CA",
  "es-MX",
  "es-419",
  "en-001",
  "zh-Hant",
  "zh-TW",
  "de-AT",
  "de-CH",
]);

const sections = new Map<string, Json>();
const parents: Record<string, string> = {};
/** The complete data by kind and locale, from which the stored differences are made. */
const whole = new Map<string, Json>();
const zones = readZones();

main();

function main(): void {
  const codes = displayCodes();
  for (const [zone, text] of Object.entries(zones.zones)) sections.set(`zone/${zone}`, text);
  for (const locale of allLocales()) {
    process.stderr.write(`${locale} `);
    addLocale(locale, codes);
  }
  write();
}

function readZones(): ZoneTables {
  const cache = process.argv[2];
  if (cache !== undefined && existsSync(cache)) return JSON.parse(readFileSync(cache, "utf8")) as ZoneTables;
  return tabulateZones(zoneCandidates());
}

function zoneCandidates(): readonly string[] {
  const all = Object.values(timeZones.keyword.u.tz) as readonly { readonly _alias?: string }[];
  const aliases = all.flatMap((entry) => entry._alias?.split(" ") ?? []);
  return [...new Set([...Intl.supportedValuesOf("timeZone"), ...aliases])].filter((name) => name.length > 2);
}

function addLocale(locale: string, codes: Readonly<Record<string, readonly string[]>>): void {
  const probes = pluralProbes(locale);
  const isRegional = locale.includes("-");
  const dates = tabulateDates(locale);
  const numbers = tabulateNumbers(locale, probes);
  const parts: Record<string, Json | object> = {
    dates,
    numbers: { ...numbers, plurals: pluralsOf(locale) },
    currencies: tabulateCurrencies(locale, codes["currency"] ?? [], probes),
    units: tabulateUnits(locale, probes),
    phrases: tabulatePhrases(locale, probes),
    zones: tabulateZoneNames(
      locale,
      zones,
      !isRegional || genericRegions.has(locale) || /^[a-z]+-[A-Z][a-z]{3}$/.test(locale),
    ),
    names: tabulateNames(locale, codes),
  };
  if (dates.calendar !== "gregory") parts["gregory"] = tabulateDates(`${locale}-u-ca-gregory`);
  if (numbers.numbering !== "latn") parts["latin"] = tabulateNumbers(`${locale}-u-nu-latn`, probes);
  const parent = bestParent(locale, parts);
  parents[locale] = parent;
  for (const [kind, data] of Object.entries(parts)) add(locale, kind, data as Json, parent);
}

/**
 * Adds the data of a locale as the difference from its parent. Plurals, zone names and similar parts that a
 * regional locale lacks are inherited.
 */
function add(locale: string, kind: string, data: Json, parent: string): void {
  const inherited = whole.get(`${kind}/${parent}`);
  const completed =
    inherited === undefined ? data : ({ ...(inherited as object), ...(data as object) } as Json);
  whole.set(`${kind}/${locale}`, completed);
  const kept = inherited === undefined ? data : difference(inherited, completed);
  if (kept !== undefined) sections.set(`${kind}/${locale}`, kept);
}

function bestParent(locale: string, parts: Readonly<Record<string, unknown>>): string {
  const sizeAfter = (parent: string): number =>
    Object.entries(parts).reduce((sum, [kind, data]) => {
      const patch = difference(whole.get(`${kind}/${parent}`), data as Json);
      return sum + (patch === undefined ? 0 : JSON.stringify(patch).length);
    }, 0);
  const candidates = candidateParents(locale).filter((parent) => parent in parents);
  return candidates.toSorted((a, b) => sizeAfter(a) - sizeAfter(b))[0] ?? "";
}

/** A number of each plural category. Small numbers are tried first, and whole numbers before others. */
function pluralProbes(locale: string): Record<string, number> {
  const probes: Record<string, number> = {};
  const rules = new Intl.PluralRules(locale);
  for (const value of [2, 1, 3, 5, 6, 11, 20, 100, 0, 21, 1.5, 2.5, 0.1, 1_000_000])
    probes[rules.select(value)] ??= value;
  return probes;
}

/** All codes with an English name. */
function displayCodes(): Record<string, readonly string[]> {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index));
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const triples = pairs.flatMap((pair) => letters.map((c) => pair + c));
  const dialects =
    "ar-001 az-Arab de-AT de-CH en-AU en-CA en-GB en-US es-419 es-ES es-MX fa-AF fr-CA fr-CH hi-Latn nds-NL nl-BE pt-BR pt-PT ro-MD sr-ME sw-CD zh-Hans zh-Hant".split(
      " ",
    );
  const numbers = Array.from({ length: 1_000 }, (_, index) => String(index).padStart(3, "0"));
  return {
    language: [...known("language", [...pairs, ...triples]), ...dialects],
    region: known("region", [...pairs.map((pair) => pair.toUpperCase()), ...numbers]),
    script: known(
      "script",
      triples.flatMap((triple) => letters.map((letter) => title(triple + letter))),
    ),
    currency: known(
      "currency",
      triples.map((triple) => triple.toUpperCase()),
    ),
    calendar: Intl.supportedValuesOf("calendar"),
    dateTimeField: [
      "era",
      "year",
      "quarter",
      "month",
      "weekOfYear",
      "weekday",
      "day",
      "dayPeriod",
      "hour",
      "minute",
      "second",
      "timeZoneName",
    ],
  };
}

function title(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function known(type: Intl.DisplayNamesType, codes: readonly string[]): string[] {
  const names = new Intl.DisplayNames("en", { type, fallback: "none" });
  return codes.filter((code) => names.of(code) !== undefined);
}

function write(): void {
  const bodies = [...sections].map(([name, data]) => {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    return [name, Buffer.from(text)] as const;
  });
  const index = Buffer.from(
    JSON.stringify({
      versions: {
        icu: process.versions["icu"],
        cldr: process.versions["cldr"],
        tz: process.versions["tz"],
        unicode: process.versions["unicode"],
      },
      sections: bodies.map(([name, body]) => [name, body.length]),
      parents,
      zones: Intl.supportedValuesOf("timeZone"),
      zoneOrder: Object.keys(zones.zones),
      zoneAliases: zones.aliases,
      currencies: Intl.supportedValuesOf("currency"),
      currencyDigits: currencyDigits(),
      units: Intl.supportedValuesOf("unit"),
      digits: numberingSystems(),
      digitSymbols: digitSymbols(),
    }),
  );
  const length = Buffer.from(index.length.toString(16).padStart(8, "0"));
  const content = Buffer.concat([length, index, ...bodies.map(([, body]) => body)]);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const compressed = brotliCompressSync(content, { params });
  writeFileSync(target, compressed);
  const byKind: Record<string, number> = {};
  for (const [name, body] of bodies) {
    const kind = name.split("/")[0] ?? "";
    byKind[kind] = (byKind[kind] ?? 0) + body.length;
  }
  process.stderr.write(
    `\n${JSON.stringify(byKind)} index ${index.length}, ${content.length} bytes, ${compressed.length} compressed\n`,
  );
}

/** Decimal digits of the currencies that do not have two. */
function currencyDigits(): Record<string, number> {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));
  const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  const digits = codes.map((currency) => {
    const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
      style: "currency",
      currency,
    }).resolvedOptions();
    return [currency, maximumFractionDigits] as const;
  });
  return Object.fromEntries(digits.filter(([, count]) => count !== 2));
}

function numberingSystems(): Record<string, string> {
  const systems = Intl.supportedValuesOf("numberingSystem").map((system) => {
    const format = new Intl.NumberFormat(`en-u-nu-${system}`, {
      useGrouping: false,
      minimumIntegerDigits: 10,
    });
    return [system, format.format(123_456_789)] as const;
  });
  return Object.fromEntries(systems);
}

/** The symbols of `NumberData.symbols` for each numbering system, used if a locale does not override them. */
function digitSymbols(): Record<string, readonly string[]> {
  const latin = tabulateNumbers("en", { other: 2 }).symbols;
  const systems = Intl.supportedValuesOf("numberingSystem").map((system) => {
    return [system, tabulateNumbers(`en-u-nu-${system}`, { other: 2 }).symbols] as const;
  });
  return Object.fromEntries(systems.filter(([, symbols]) => symbols.join() !== latin.join()));
}
