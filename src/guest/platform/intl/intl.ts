import { caseMethods } from "./text/case.ts";
import { Collator } from "./text/collator.ts";
import { intlIndex } from "./locale/data.ts";
import type { DateDefaults } from "./date/date-options.ts";
import { DateTimeFormat, formatDate } from "./date/date-time-format.ts";
import { DisplayNames } from "./text/display-names.ts";
import { joinLocalized, joinLocalizedElements } from "./text/list-texts.ts";
import { prepareLowerCase, prepareUpperCase } from "./text/letter-case.ts";
import { ListFormat } from "./text/list-format.ts";
import { canonicalLocales } from "./locale/locale.ts";
import { NumberFormat } from "./number/number-format.ts";
import { asText } from "./locale/options.ts";
import { PluralRules } from "./number/plural-rules.ts";
import { RelativeTimeFormat } from "./date/relative-time-format.ts";

/**
 * `Intl`, which the JavaScript engine is built without: ECMA-402 over tables that were generated from the ICU of
 * one version of Node. The tables are part of the engine, so an engine never changes its formats, and only a new
 * engine can have newer data.
 */
export const Intl = Object.defineProperty(
  methods({
    Collator,
    DateTimeFormat,
    DisplayNames,
    ListFormat,
    NumberFormat,
    PluralRules,
    RelativeTimeFormat,
    getCanonicalLocales: (locales: unknown): string[] => canonicalLocales(locales),
    supportedValuesOf: { supportedValuesOf: (key: unknown) => supportedValuesOf(key) }.supportedValuesOf,
  }),
  Symbol.toStringTag,
  { value: "Intl", configurable: true },
);

function methods(values: Readonly<Record<string, unknown>>): object {
  const owner = {};
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(owner, name, { value, writable: true, enumerable: false, configurable: true });
  return owner;
}

/** @throws {RangeError} if the key does not exist */
function supportedValuesOf(key: unknown): string[] {
  const index = intlIndex();
  const name = asText(key);
  switch (name) {
    case "calendar":
      return ["buddhist", "gregory"];
    case "collation":
      return ["default"];
    case "currency":
      return [...index.currencies];
    case "numberingSystem":
      return Object.keys(index.digits);
    case "timeZone":
      return [...index.zones];
    case "unit":
      return [...index.units];
    default:
      throw new RangeError(`Invalid key : ${name}`);
  }
}

/** Passes the locale and the options to each item, which the engine's version does not. */
function listToLocaleString(this: unknown, ...[locales, options]: unknown[]): string {
  const list = Object(this) as ArrayLike<
    { toLocaleString: (...args: unknown[]) => unknown } | null | undefined
  >;
  if (this === undefined || this === null) throw new TypeError("toLocaleString called on nothing");
  if (listsBeingWritten.has(list)) return "";
  listsBeingWritten.add(list);
  try {
    return Array.from(list, (item) =>
      item === undefined || item === null ? "" : asText(item.toLocaleString(locales, options)),
    ).join(",");
  } finally {
    listsBeingWritten.delete(list);
  }
}

const listsBeingWritten = new Set<object>();

const dateAndTime: DateDefaults = { required: "any", defaults: "all" };
const dateOnly: DateDefaults = { required: "date", defaults: "date" };
const timeOnly: DateDefaults = { required: "time", defaults: "time" };

/** Methods of the standard library whose results depend on `Intl`. */
export const localized: readonly [owner: object, methods: Readonly<Record<string, unknown>>][] = [
  [
    Date.prototype,
    {
      toLocaleString(this: Date, ...[locales, options]: unknown[]): string {
        return formatDate(this, locales, options, dateAndTime);
      },
      toLocaleDateString(this: Date, ...[locales, options]: unknown[]): string {
        return formatDate(this, locales, options, dateOnly);
      },
      toLocaleTimeString(this: Date, ...[locales, options]: unknown[]): string {
        return formatDate(this, locales, options, timeOnly);
      },
    },
  ],
  [
    Number.prototype,
    {
      toLocaleString(this: number, ...[locales, options]: unknown[]): string {
        const number = Number.prototype.valueOf.call(this);
        return new NumberFormat(locales, options).format(number);
      },
    },
  ],
  [
    BigInt.prototype,
    {
      toLocaleString(this: bigint, ...[locales, options]: unknown[]): string {
        const integer = BigInt.prototype.valueOf.call(this);
        return new NumberFormat(locales, options).format(integer);
      },
    },
  ],
  [Array.prototype, { toLocaleString: listToLocaleString }],
  [
    String.prototype,
    {
      ...caseMethods,
      localeCompare(this: string, other: unknown, ...[locales, options]: unknown[]): number {
        if (this === undefined || this === null)
          throw new TypeError("String.prototype.localeCompare called on nothing");
        return new Collator(locales, options).compare(asText(this), asText(other));
      },
      toLocaleLowerCase(this: unknown, ...[locales]: unknown[]): string {
        return prepareLowerCase(receiverText(this), locales).toLowerCase();
      },
      toLocaleUpperCase(this: unknown, ...[locales]: unknown[]): string {
        return prepareUpperCase(receiverText(this), locales).toUpperCase();
      },
    },
  ],
  [
    Array.prototype,
    {
      toLocaleString(this: unknown, ...[locales, options]: unknown[]): string {
        return joinLocalized(this, locales, options);
      },
    },
  ],
  [
    Object.getPrototypeOf(Uint8Array.prototype) as object,
    {
      toLocaleString(this: unknown, ...[locales, options]: unknown[]): string {
        return joinLocalizedElements(this, locales, options);
      },
    },
  ],
];

function receiverText(receiver: unknown): string {
  if (receiver === undefined || receiver === null)
    throw new TypeError("A string's method was called on nothing");
  return asText(receiver);
}
