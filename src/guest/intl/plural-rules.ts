import { chooseOption, locale, supportedLocalesOf } from "./locale.ts";

/** `Intl.PluralRules` of English. */
export class PluralRules {
  readonly #type: "cardinal" | "ordinal";

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: { readonly type?: unknown } = {}) {
    this.#type = chooseOption("type", options.type, ["cardinal", "ordinal"]);
  }

  select(value: unknown): string {
    const number = Math.abs(Number(value));
    if (this.#type === "cardinal") return number === 1 ? "one" : "other";
    const isTeen = Math.floor(number / 10) % 10 === 1;
    return isTeen ? "other" : (["other", "one", "two", "few"][number % 10] ?? "other");
  }

  resolvedOptions(): Record<string, unknown> {
    const pluralCategories = this.#type === "cardinal" ? ["one", "other"] : ["few", "one", "two", "other"];
    return { locale, type: this.#type, pluralCategories };
  }

  get [Symbol.toStringTag](): string {
    return "Intl.PluralRules";
  }
}
