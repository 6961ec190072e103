import { isBase, isMarkAbove } from "../../unicode/normalize.ts";
import { compileUnicode } from "../../unicode/rewrite-pattern.ts";
import { canonicalLocales } from "../locale/locale.ts";

/**
 * `toLocaleLowerCase` and `toLocaleUpperCase`. Turkish, Azerbaijani and Lithuanian have special rules for the
 * letter i (SpecialCasing.txt of Unicode). This module replaces only these letters, and the rest is converted as in
 * every language.
 */
export function prepareLowerCase(text: string, locales: unknown): string {
  const language = languageOf(locales);
  if (isTurkic(language)) return lowerTurkic(text);
  return language === "lt" ? lowerLithuanian(text) : text;
}

export function prepareUpperCase(text: string, locales: unknown): string {
  const language = languageOf(locales);
  if (isTurkic(language)) return text.replaceAll("i", "\u0130");
  return language === "lt" ? upperLithuanian(text) : text;
}

function languageOf(locales: unknown): string {
  return canonicalLocales(locales)[0]?.split("-")[0] ?? "en";
}

function isTurkic(language: string): boolean {
  return language === "tr" || language === "az";
}

const dotAbove = "\u0307";

function lowerTurkic(text: string): string {
  const letters = Array.from(text);
  return letters
    .map((letter, index) => {
      if (letter === "\u0130") return "i";
      if (letter === "I") return letters[markAboveAfter(letters, index)] === dotAbove ? "i" : "\u0131";
      return letter === dotAbove && letters[baseBefore(letters, index)] === "I" ? "" : letter;
    })
    .join("");
}

/** Letters that keep their dot below marks, and letters that decompose to such a letter with a mark. */
const dotted: Readonly<Record<string, string>> = { I: "i", J: "j", "\u012e": "\u012f" };
const decomposed: Readonly<Record<string, string>> = {
  "\u00cc": "i\u0307\u0300",
  "\u00cd": "i\u0307\u0301",
  "\u0128": "i\u0307\u0303",
};

function lowerLithuanian(text: string): string {
  const letters = Array.from(text);
  return letters
    .map((letter, index) => {
      const small = dotted[letter];
      if (small === undefined) return decomposed[letter] ?? letter;
      return markAboveAfter(letters, index) < 0 ? letter : small + dotAbove;
    })
    .join("");
}

function upperLithuanian(text: string): string {
  const letters = Array.from(text);
  return letters
    .filter(
      (letter, index) => letter !== dotAbove || !isSoftDotted(letters[baseBefore(letters, index)] ?? ""),
    )
    .join("");
}

/** The index of the first mark above that belongs to the letter, or -1. */
function markAboveAfter(letters: readonly string[], index: number): number {
  for (let next = index + 1; next < letters.length; next += 1) {
    const letter = letters[next] ?? "";
    if (isMarkAbove(letter)) return next;
    if (isBase(letter)) return -1;
  }
  return -1;
}

/** The index of the letter to which a mark above belongs if no other mark above is between them, else -1. */
function baseBefore(letters: readonly string[], index: number): number {
  for (let before = index - 1; before >= 0; before -= 1) {
    const letter = letters[before] ?? "";
    if (isBase(letter)) return before;
    if (isMarkAbove(letter)) return -1;
  }
  return -1;
}

let softDotted: RegExp | undefined;

function isSoftDotted(letter: string): boolean {
  softDotted ??= compileUnicode("^\\p{Soft_Dotted}$", "u");
  return softDotted.test(letter);
}
