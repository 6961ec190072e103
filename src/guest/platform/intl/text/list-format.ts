import { defineConstructor } from "../locale/constructor.ts";
import { requireLocaleData } from "../locale/data.ts";
import { resolveLocale, supportedLocales } from "../locale/locale.ts";
import { chooseOption, optionsObject } from "../locale/options.ts";
import { textOf } from "../locale/parts.ts";
import type { Part } from "../locale/parts.ts";
import type { PhraseData } from "../date/relative-time-format.ts";

class ListFormatImplementation {
  readonly #locale: string;
  readonly #type: "conjunction" | "disjunction" | "unit";
  readonly #style: "long" | "short" | "narrow";

  constructor(locales?: unknown, givenOptions?: unknown) {
    const options = optionsObject(givenOptions);
    chooseOption(options, "localeMatcher", ["lookup", "best fit"], "best fit");
    this.#type = chooseOption(options, "type", ["conjunction", "disjunction", "unit"], "conjunction");
    this.#style = chooseOption(options, "style", ["long", "short", "narrow"], "long");
    this.#locale = resolveLocale(locales, {}, () => false).locale;
  }

  static supportedLocalesOf(locales: unknown, ...[options]: unknown[]): string[] {
    return supportedLocales(locales, options);
  }

  format(items: unknown): string {
    return textOf(this.#parts(items));
  }

  formatToParts(items: unknown): Part[] {
    return this.#parts(items);
  }

  resolvedOptions(): Record<string, unknown> {
    return { locale: this.#locale, type: this.#type, style: this.#style };
  }

  #parts(items: unknown): Part[] {
    const values = stringsOf(items);
    const { lists } = requireLocaleData<PhraseData>("phrases", this.#locale);
    const [start = "", middle = "", end = "", pair = ""] = lists[`${this.#type}-${this.#style}`] ?? [];
    return values.flatMap((value, index): Part[] => {
      const element = { type: "element", value };
      if (index === 0) return [element];
      const isLast = index === values.length - 1;
      const joint = values.length === 2 ? pair : isLast ? end : index === 1 ? start : middle;
      const text = isLast ? spoken(joint, value, this.#locale) : joint;
      return text === "" ? [element] : [{ type: "literal", value: text }, element];
    });
  }
}

export const ListFormat = defineConstructor("ListFormat", ListFormatImplementation, 0);

/** @throws {TypeError} if one of the items is not a string */
function stringsOf(items: unknown): string[] {
  if (items === undefined) return [];
  const values: string[] = [];
  for (const item of items as Iterable<unknown>) {
    if (typeof item !== "string") throw new TypeError("Iterable yielded a value which is not a string");
    values.push(item);
  }
  return values;
}

/**
 * Words that depend on the next sound: Spanish "y" and "o", and the Hebrew prefix that needs a hyphen before other
 * scripts.
 */
function spoken(joint: string, next: string, locale: string): string {
  if (locale.startsWith("es")) {
    if (/\by $/.test(joint) && /^(?:i|hi(?!a|e))/i.test(next)) return joint.replace(/y $/, "e ");
    if (/\bo $/.test(joint) && /^(?:o|ho|8|11(?!\d))/i.test(next)) return joint.replace(/o $/, "u ");
  }
  if (locale.startsWith("he") && joint.endsWith("ו") && !/^[\u0590-\u05ff]/.test(next)) return `${joint}-`;
  return joint;
}
