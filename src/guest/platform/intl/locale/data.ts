/**
 * The data that `scripts/make-intl-data.ts` generates. It is stored outside of the guest's memory. Each section is
 * read at most once per execution, when it is first needed.
 */
export interface IntlIndex {
  readonly versions: Readonly<Record<string, string>>;
  readonly sections: readonly (readonly [name: string, bytes: number])[];
  /** The locale from whose data each locale's data differs. Empty for languages. */
  readonly parents: Readonly<Record<string, string>>;
  readonly zones: readonly string[];
  /** The zones in the order of the locales' lists of generic zone names. */
  readonly zoneOrder: readonly string[];
  readonly zoneAliases: Readonly<Record<string, string>>;
  readonly currencies: readonly string[];
  /** Decimal digits of the currencies that do not have two. */
  readonly currencyDigits: Readonly<Record<string, number>>;
  readonly units: readonly string[];
  /** The digits of each numbering system, 0 to 9. */
  readonly digits: Readonly<Record<string, string>>;
  readonly digitSymbols: Readonly<Record<string, readonly string[]>>;
}

/** Reads text of `length` bytes from `offset`. */
type ReadData = (offset: number, length: number) => string;

const lengthDigits = 8;

let read: ReadData = () => {
  throw new Error("There are no data for Intl");
};
let loadedIndex: IntlIndex | undefined;
let places: Map<string, readonly [offset: number, bytes: number]> | undefined;
const loaded = new Map<string, unknown>();

/** Called once, before anything is formatted. */
export function useIntlData(reader: ReadData): void {
  read = reader;
}

export function intlIndex(): IntlIndex {
  if (loadedIndex === undefined) {
    const length = Number.parseInt(read(0, lengthDigits), 16);
    loadedIndex = JSON.parse(read(lengthDigits, length)) as IntlIndex;
    places = new Map();
    let offset = lengthDigits + length;
    for (const [name, bytes] of loadedIndex.sections) {
      places.set(name, [offset, bytes]);
      offset += bytes;
    }
  }
  return loadedIndex;
}

/** The text of a section, or `undefined` if no section has that name. */
export function readSection(name: string): string | undefined {
  intlIndex();
  const place = places?.get(name);
  return place === undefined ? undefined : read(...place);
}

/** The data of that kind for a locale, merged from its parents. `undefined` if none of them has any. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the type of each kind
export function localeData<T>(kind: string, locale: string): T | undefined {
  const key = `${kind}/${locale}`;
  if (!loaded.has(key)) {
    const parent = intlIndex().parents[locale];
    const inherited = parent === undefined || parent === "" ? undefined : localeData<Json>(kind, parent);
    const own = readSection(key);
    loaded.set(key, own === undefined ? inherited : patched(inherited, JSON.parse(own) as Json));
  }
  return loaded.get(key) as T | undefined;
}

/** The same for a kind that must exist. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the type of each kind
export function requireLocaleData<T>(kind: string, locale: string): T {
  const data = localeData<T>(kind, locale);
  if (data === undefined) throw new RangeError(`There are no ${kind} of the locale ${locale}`);
  return data;
}

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** `null` removes a member. */
function patched(inherited: Json | undefined, change: Json): Json {
  if (!isRecord(inherited) || !isRecord(change)) return change;
  const merged: Record<string, Json> = { ...inherited };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = patched(inherited[key], value);
  }
  return merged;
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
