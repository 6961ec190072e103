import { canonicalTag } from "./language-tag.ts";
import { intlIndex } from "./data.ts";
import { asText, chooseOption, coercedOptions } from "./options.ts";

/** The locale that is used if no supported locale is requested. */
const defaultLocale = "en-US";

/** @throws {TypeError} or {RangeError} if one of the locales is not a valid language tag */
export function canonicalLocales(locales: unknown): string[] {
  if (locales === undefined) return [];
  if (locales === null) throw new TypeError("Cannot convert null to an object");
  if (typeof locales === "string") return [canonicalTag(locales)];
  if (isLocale(locales)) return [canonicalTag(asText(locales))];
  const list = Object(locales) as { readonly length?: unknown; readonly [index: number]: unknown };
  const found: string[] = [];
  const length = Math.trunc(Number(list.length) || 0);
  for (let index = 0; index < length; index += 1) {
    if (!(index in list)) continue;
    const tag = list[index];
    if (typeof tag !== "string" && (typeof tag !== "object" || tag === null))
      throw new TypeError("Incorrect locale information provided");
    const canonical = canonicalTag(asText(tag));
    if (!found.includes(canonical)) found.push(canonical);
  }
  return found;
}

/** True for an `Intl.Locale` from a polyfill that is bundled with the workflow. */
function isLocale(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, Symbol.toStringTag) === "Intl.Locale"
  );
}

/** The locales for which there is data, or for whose language there is. */
export function supportedLocales(locales: unknown, options: unknown): string[] {
  const canonical = canonicalLocales(locales);
  const matchers = ["lookup", "best fit"] as const;
  chooseOption(coercedOptions(options), "localeMatcher", matchers, "best fit");
  return canonical.filter((tag) => availableLocale(withoutExtensions(tag)) !== undefined);
}

export interface ResolvedLocale {
  /** The locale that `resolvedOptions` returns. */
  readonly locale: string;
  /** The locale whose data is used. */
  readonly dataLocale: string;
  /** Values of the relevant keys, from the extension of the tag or from the options. */
  readonly keywords: Readonly<Record<string, string>>;
}

/**
 * The first of the locales for which there is data, or the default.
 *
 * @param supported for each key, a function that returns true if the locale supports a value
 */
export function resolveLocale(
  locales: unknown,
  wanted: Readonly<Record<string, string | undefined>>,
  supported: (key: string, value: string, dataLocale: string) => boolean,
): ResolvedLocale {
  let [tag, dataLocale] = [defaultLocale, defaultLocale];
  for (const one of canonicalLocales(locales)) {
    const found = availableLocale(withoutExtensions(one));
    if (found === undefined) continue;
    [tag, dataLocale] = [one, found];
    break;
  }
  const extension = unicodeKeywords(tag);
  const keywords: Record<string, string> = {};
  let kept = "";
  for (const key of Object.keys(wanted).toSorted()) {
    const asked = extension[key];
    if (asked !== undefined && supported(key, asked === "" ? "true" : asked, dataLocale)) {
      keywords[key] = asked === "" ? "true" : asked;
      kept += asked === "" ? `-${key}` : `-${key}-${asked}`;
    }
    const option = wanted[key];
    if (option !== undefined && option !== keywords[key] && supported(key, option, dataLocale)) {
      if (keywords[key] !== undefined) kept = kept.replace(asked === "" ? `-${key}` : `-${key}-${asked}`, "");
      keywords[key] = option;
    }
  }
  return { locale: kept === "" ? dataLocale : `${dataLocale}-u${kept}`, dataLocale, keywords };
}

/** The longest prefix of a tag for which there is data. */
function availableLocale(tag: string): string | undefined {
  const { parents } = intlIndex();
  for (let candidate = tag; candidate !== "";) {
    if (Object.hasOwn(parents, candidate)) return candidate;
    const end = candidate.lastIndexOf("-");
    candidate = end < 0 ? "" : candidate.slice(0, candidate[end - 2] === "-" ? end - 2 : end);
  }
  return undefined;
}

function withoutExtensions(tag: string): string {
  return tag.replace(/-[a-wy-z0-9](?:-[a-z0-9]{2,8})+/gi, "").replace(/-x-.*$/, "");
}

/** The keywords of the tag's `-u-` extension: `{ nu: "arab" }`. */
function unicodeKeywords(tag: string): Readonly<Record<string, string>> {
  const [, extension = ""] = /-u((?:-[a-z0-9]{2,8})+)/.exec(tag.replace(/-x-.*$/, "")) ?? [];
  const keywords: Record<string, string> = {};
  let key: string | undefined;
  for (const part of extension.split("-").slice(1)) {
    if (part.length === 2) {
      key = part;
      keywords[key] ??= "";
    } else if (key !== undefined) keywords[key] = keywords[key] === "" ? part : `${keywords[key]}-${part}`;
  }
  return keywords;
}

/** @throws {RangeError} if the option is not a valid keyword value */
export function keywordOption(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const text = asText(value);
  if (!/^[a-z0-9]{3,8}(?:-[a-z0-9]{3,8})*$/i.test(text)) throw new RangeError(`Invalid ${name} : ${text}`);
  return text.toLowerCase();
}
