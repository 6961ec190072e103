import { Collator } from "./collator.ts";
import { dateDefaults, DateTimeFormat, timeDefaults, withDefaults } from "./date-time-format.ts";
import { canonicalLocales } from "./locale.ts";
import { NumberFormat } from "./number-format.ts";
import { ListFormat, RelativeTimeFormat } from "./phrases.ts";
import { PluralRules } from "./plural-rules.ts";

/**
 * `Intl`, which the engine was built without: American English and UTC, and nothing of other languages and
 * places, whose data would be many times the rest of the engine.
 */
export const Intl = Object.defineProperty(
  {
    Collator: callable(Collator),
    DateTimeFormat: callable(DateTimeFormat),
    ListFormat,
    NumberFormat: callable(NumberFormat),
    PluralRules,
    RelativeTimeFormat,
    getCanonicalLocales: canonicalLocales,
    supportedValuesOf: (key: unknown): string[] => (key === "timeZone" ? ["UTC"] : []),
  },
  Symbol.toStringTag,
  { value: "Intl", configurable: true },
);

type Options = Readonly<Record<string, unknown>>;

/** What the standard library says by `Intl`. */
export const localized: readonly [owner: object, methods: Readonly<Record<string, unknown>>][] = [
  [
    Date.prototype,
    {
      toLocaleString(this: Date, _locales?: unknown, options: Options = {}): string {
        return show(this, withDefaults(options, { ...dateDefaults, ...timeDefaults }));
      },
      toLocaleDateString(this: Date, _locales?: unknown, options: Options = {}): string {
        return show(this, withDefaults(options, dateDefaults));
      },
      toLocaleTimeString(this: Date, _locales?: unknown, options: Options = {}): string {
        return show(this, withDefaults(options, timeDefaults));
      },
    },
  ],
  [
    Number.prototype,
    {
      toLocaleString(this: number, locales?: unknown, options?: Options): string {
        return new NumberFormat(locales, options).format(this);
      },
    },
  ],
  [
    BigInt.prototype,
    {
      toLocaleString(this: bigint, locales?: unknown, options?: Options): string {
        return new NumberFormat(locales, options).format(BigInt.prototype.valueOf.call(this));
      },
    },
  ],
  [
    String.prototype,
    {
      localeCompare(this: string, other: unknown, locales?: unknown, options?: Options): number {
        return new Collator(locales, options).compare(this, other);
      },
    },
  ],
];

function show(date: Date, options: Options): string {
  return Number.isNaN(date.getTime()) ? "Invalid Date" : new DateTimeFormat(undefined, options).format(date);
}

/** These three may be called without `new`. */
function callable<T extends new (...args: never[]) => object>(constructor: T): T {
  return new Proxy(constructor, {
    apply: (target, _self, args) => Reflect.construct(target, args) as object,
  });
}
