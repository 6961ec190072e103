/**
 * Conversion between upper and lower case for the cases that the engine does not implement: a sigma at the end of a
 * word (`Final_Sigma` of the Unicode standard, section 3.13), and the Turkish and Azerbaijani i.
 */
import { isInProperty } from "../../unicode/property-escapes.ts";
import { domString } from "../../../core/interface.ts";
import { canonicalLocales } from "../locale/locale.ts";

/* oxlint-disable typescript/unbound-method -- applied to texts below */
const nativeLower = String.prototype.toLowerCase;
const nativeUpper = String.prototype.toUpperCase;
/* oxlint-enable typescript/unbound-method */

const lower = (text: string): string => Reflect.apply(nativeLower, text, []);

export const caseMethods = {
  toLowerCase(this: unknown): string {
    const text = Reflect.apply(nativeLower, this, []);
    // A capital sigma is the only letter whose lower case is a sigma.
    return text.includes("σ") ? lowerWithSigma(domString(this)) : text;
  },
  toLocaleLowerCase(this: unknown, ...[locales]: unknown[]): string {
    const text = textOf(this, "toLocaleLowerCase");
    return hasDotlessI(locales) ? lowerWithSigma(turkishToLower(text)) : lowerWithSigma(text);
  },
  toLocaleUpperCase(this: unknown, ...[locales]: unknown[]): string {
    const text = textOf(this, "toLocaleUpperCase");
    return Reflect.apply(nativeUpper, hasDotlessI(locales) ? text.replaceAll("i", "İ") : text, []);
  },
};

function textOf(value: unknown, method: string): string {
  if (value === undefined || value === null)
    throw new TypeError(`String.prototype.${method} called on nothing`);
  return domString(value);
}

function hasDotlessI(locales: unknown): boolean {
  return /^(?:tr|az)(?:-|$)/.test(canonicalLocales(locales)[0] ?? "");
}

/** A dot above that follows a capital I is part of the lower-case i. */
function turkishToLower(text: string): string {
  return text
    .replaceAll(/I\u0307/g, "i")
    .replaceAll("I", "ı")
    .replaceAll("İ", "i");
}

function lowerWithSigma(text: string): string {
  if (!text.includes("Σ")) return lower(text);
  let result = "";
  let start = 0;
  for (let at = text.indexOf("Σ"); at >= 0; at = text.indexOf("Σ", start)) {
    result += lower(text.slice(start, at)) + (isFinal(text, at) ? "ς" : "σ");
    start = at + 1;
  }
  return result + lower(text.slice(start));
}

/** True if a letter precedes and none follows. Characters without case are skipped. */
function isFinal(text: string, at: number): boolean {
  return isCasedAfter(text, at, before) && !isCasedAfter(text, at, after);
}

type Step = (text: string, at: number) => number | undefined;

function isCasedAfter(text: string, from: number, step: Step): boolean {
  for (let at = step(text, from); at !== undefined; at = step(text, at)) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (!isInProperty("Case_Ignorable", codePoint)) return isInProperty("Cased", codePoint);
  }
  return false;
}

function before(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const isPair = at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xff_ff;
  return isPair ? at - 2 : at - 1;
}

function after(text: string, at: number): number | undefined {
  const next = at + ((text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1);
  return next < text.length ? next : undefined;
}
