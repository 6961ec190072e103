import { defineConstructor } from "../locale/constructor.ts";
import { localeData } from "../locale/data.ts";
import { canonicalTag } from "../locale/language-tag.ts";
import { resolveLocale, supportedLocales } from "../locale/locale.ts";
import { asText, chooseOption, optionsObject } from "../locale/options.ts";

type NameData = Readonly<Record<string, Readonly<Record<string, string>>>>;

const types = ["language", "region", "script", "currency", "calendar", "dateTimeField"] as const;
const fields = [
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
];

class DisplayNamesImplementation {
  readonly #locale: string;
  readonly #style: "narrow" | "short" | "long";
  readonly #type: (typeof types)[number];
  readonly #fallback: "code" | "none";
  readonly #languageDisplay: "dialect" | "standard";

  constructor(locales: unknown, givenOptions: unknown) {
    const { locale } = resolveLocale(locales, {}, () => false);
    if (givenOptions === undefined) throw new TypeError("Cannot use undefined as options");
    const options = optionsObject(givenOptions);
    this.#locale = locale;
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    this.#style = chooseOption(options, "style", ["narrow", "short", "long"], "long");
    const type = chooseOption(options, "type", types, undefined);
    if (type === undefined) throw new TypeError('Required option "type" must not be undefined');
    this.#type = type;
    this.#fallback = chooseOption(options, "fallback", ["code", "none"], "code");
    this.#languageDisplay = chooseOption(options, "languageDisplay", ["dialect", "standard"], "dialect");
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  of(code: unknown): string | undefined {
    const canonical = canonicalCode(this.#type, asText(code));
    const name =
      this.#type === "language" ? this.#languageName(canonical) : this.#nameOf(this.#type, canonical);
    return name ?? (this.#fallback === "code" ? canonical : undefined);
  }

  resolvedOptions(): Record<string, unknown> {
    return {
      locale: this.#locale,
      style: this.#style,
      type: this.#type,
      fallback: this.#fallback,
      ...(this.#type === "language" ? { languageDisplay: this.#languageDisplay } : {}),
    };
  }

  #nameOf(type: string, code: string): string | undefined {
    const names = localeData<NameData>("names", this.#locale);
    const styled = this.#style === "long" ? undefined : names?.[`${type}-${this.#style}`]?.[code];
    return styled ?? names?.[type]?.[code];
  }

  /**
   * The name of a tag. If its dialect has no name, that of its language with the script and region in parentheses.
   */
  #languageName(tag: string): string | undefined {
    const standard =
      this.#languageDisplay === "standard"
        ? localeData<NameData>("names", this.#locale)?.["language-standard"]?.[tag]
        : undefined;
    const own = standard ?? this.#nameOf("language", tag);
    if (own !== undefined) return own;
    const [language = "", ...rest] = tag.split("-");
    const base = this.#nameOf("language", language);
    if (base === undefined) return undefined;
    const details = rest.map(
      (subtag) => this.#nameOf(subtag.length === 4 ? "script" : "region", subtag) ?? subtag,
    );
    return details.length === 0 ? base : `${base} (${details.join(", ")})`;
  }
}

export const DisplayNames = defineConstructor("DisplayNames", DisplayNamesImplementation, 2);

/** @throws {RangeError} if the code is not valid for that type */
function canonicalCode(type: (typeof types)[number], code: string): string {
  switch (type) {
    case "language":
      if (/-[a-z0-9](?:-|$)/i.test(code)) refuse();
      return canonicalTag(code);
    case "region":
      return /^(?:[a-z]{2}|\d{3})$/i.test(code) ? code.toUpperCase() : refuse();
    case "script":
      return /^[a-z]{4}$/i.test(code)
        ? code.slice(0, 1).toUpperCase() + code.slice(1).toLowerCase()
        : refuse();
    case "currency":
      return /^[a-z]{3}$/i.test(code) ? code.toUpperCase() : refuse();
    case "calendar":
      return /^[a-z0-9]{3,8}(?:-[a-z0-9]{3,8})*$/i.test(code) ? code.toLowerCase() : refuse();
    default:
      return fields.includes(code) ? code : refuse();
  }
}

function refuse(): never {
  throw new RangeError("Invalid argument to Intl.DisplayNames.prototype.of");
}
