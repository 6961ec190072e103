/** The one locale that there is. As the standard has it, whoever asks for another gets the default. */
export const locale = "en-US";

/** @throws {RangeError} where one of them is no language tag */
export function canonicalLocales(locales: unknown): string[] {
  if (locales === undefined) return [];
  const list = typeof locales === "string" ? [locales] : Array.from(locales as Iterable<unknown>, String);
  return [...new Set(list.map(canonicalTag))];
}

/** For the static method of the same name of each constructor. */
export function supportedLocalesOf(locales?: unknown): string[] {
  return canonicalLocales(locales).filter((tag) => /^en(?:-US)?(?:-u-.*)?$/.test(tag));
}

/** The option where it is one of `values`, the first of them where it is not given. */
export function chooseOption<T extends string>(
  name: string,
  value: unknown,
  values: readonly [T, ...T[]],
): T {
  if (value === undefined) return values[0];
  const found = values.find((one) => one === value);
  if (found === undefined)
    throw new RangeError(`Value ${asText(value)} out of range for Intl options property ${name}`);
  return found;
}

/** What the standard makes of an option that should be a string. */
export function asText(value: unknown): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- as the standard has it
  return String(value);
}

/** A whole number within the bounds, or the fallback where there is none. */
export function numberOption<T extends number | undefined>(
  name: string,
  value: unknown,
  { from, to, fallback }: { readonly from: number; readonly to: number; readonly fallback: T },
): number | T {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (number >= from && number <= to) return Math.floor(number);
  throw new RangeError(`${name} value is out of range`);
}

function canonicalTag(tag: string): string {
  if (!/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) {
    throw new RangeError(`Incorrect locale information provided: ${JSON.stringify(tag)}`);
  }
  const [language = "", ...rest] = tag.split("-");
  const first = rest.findIndex((part) => part.length === 1);
  const subtags = rest.map((part, index) =>
    first >= 0 && index >= first ? part.toLowerCase() : subtagCase(part),
  );
  return [language.toLowerCase(), ...subtags].join("-");
}

/** Scripts are written `Latn`, regions `US`, variants `posix`. */
function subtagCase(subtag: string): string {
  if (subtag.length === 2) return subtag.toUpperCase();
  if (subtag.length !== 4 || /\d/.test(subtag)) return subtag.toLowerCase();
  return subtag.slice(0, 1).toUpperCase() + subtag.slice(1).toLowerCase();
}
