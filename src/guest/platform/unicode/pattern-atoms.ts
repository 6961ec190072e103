/** The meaning of a character, an escape or a class in a pattern with the flags `u` or `v`. */
import { closeOverCase } from "./case-folding.ts";
import type { Range } from "./case-folding.ts";
import { complementOf, rangesNamed } from "./property-escapes.ts";

/** The state in which a position of a pattern is read. */
export interface Reading {
  readonly pattern: string;
  /** True with the flag `v`. */
  readonly hasSets: boolean;
  readonly ignoresCase: boolean;
}

export interface Atom {
  /** The code points that it represents in a class. */
  readonly set: readonly Range[];
  /** The same with all forms of each code point if case is ignored. */
  readonly closed: readonly Range[];
  /** True if the engine gives it the same meaning. */
  readonly isPlain: boolean;
  /** Set if it represents a single character. */
  readonly codePoint?: number;
  readonly end: number;
}

/**
 * An item of a class: a character, an escape, or a range of characters. `undefined` if a range has an end that is
 * not a character.
 */
export function readItem(reading: Reading, at: number): Atom | undefined {
  const { pattern, hasSets } = reading;
  const first = readAtom(reading, at, true);
  if (first === undefined || pattern[first.end] !== "-" || !isEndOfRange(pattern[first.end + 1], hasSets)) {
    return first;
  }
  const last = readAtom(reading, first.end + 1, true);
  const [from, to] = [first.codePoint, last?.codePoint];
  if (last === undefined || from === undefined || to === undefined || to < from) return undefined;
  return atomOf(reading, [[from, to + 1]], last.end);
}

/** In a class with sets, two hyphens are an operator. */
function isEndOfRange(character: string | undefined, hasSets: boolean): boolean {
  return character !== undefined && character !== "]" && !(hasSets && character === "-");
}

const property = /\\([pP])\{([^{}]*)\}/y;
const codePointEscape =
  /\\u\{([\da-fA-F]+)\}|\\u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})|\\c([a-zA-Z])/y;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0, b: 8 };

export function readAtom(reading: Reading, at: number, isInClass = false): Atom | undefined {
  const { pattern } = reading;
  if (pattern[at] !== "\\") {
    const codePoint = pattern.codePointAt(at);
    if (codePoint === undefined) return undefined;
    return literal(reading, codePoint, at + (codePoint > 0xff_ff ? 2 : 1));
  }
  const escape = pattern[at + 1] ?? "";
  const end = at + 2;
  if (/[pP]/.test(escape)) return readProperty(reading, at);
  if (/[wWdDsS]/.test(escape)) return shorthand(reading, escape, end);
  const control = controls[escape];
  if (control !== undefined && (isInClass || escape !== "b")) return literal(reading, control, end);
  const codePoint = readCodePointEscape(reading, at);
  if (codePoint !== undefined) return codePoint;
  return /[a-zA-Z1-9]/.test(escape) ? undefined : literal(reading, pattern.codePointAt(at + 1) ?? 0, end);
}

function readProperty({ pattern, hasSets, ignoresCase }: Reading, at: number): Atom | undefined {
  property.lastIndex = at;
  const [whole = "", letter, name = ""] = property.exec(pattern) ?? [];
  const ranges = rangesNamed(name);
  if (ranges === undefined) return undefined;
  const end = at + whole.length;
  const set = letter === "p" ? ranges : complementOf(ranges);
  if (!ignoresCase) return { set, closed: set, isPlain: false, end };
  const isComplementLast = letter === "P" && hasSets;
  const closed = isComplementLast ? complementOf(closeOverCase(ranges)) : closeOverCase(set);
  return { set, closed, isPlain: false, end };
}

const word: readonly Range[] = [
  [0x30, 0x3a],
  [0x41, 0x5b],
  [0x5f, 0x60],
  [0x61, 0x7b],
];
const digits: readonly Range[] = [[0x30, 0x3a]];
const spaces: readonly Range[] = [
  [9, 14],
  [0x20, 0x21],
  [0xa0, 0xa1],
  [0x16_80, 0x16_81],
  [0x20_00, 0x20_0b],
  [0x20_28, 0x20_2a],
  [0x20_2f, 0x20_30],
  [0x20_5f, 0x20_60],
  [0x30_00, 0x30_01],
  [0xfe_ff, 0xff_00],
];

/** Includes the two letters that equal S and K if case is ignored. */
export const wordClass = "0-9A-Z_a-z\\u017f\\u212a";

function shorthand({ ignoresCase }: Reading, escape: string, end: number): Atom {
  const lower = escape.toLowerCase();
  const isPlain = lower !== "w" || !ignoresCase;
  const chosen = lower === "d" ? digits : lower === "s" ? spaces : word;
  const set = isPlain ? chosen : closeOverCase(chosen);
  const closed = escape === lower ? set : complementOf(set);
  return { set: closed, closed, isPlain, end };
}

function readCodePointEscape(reading: Reading, at: number): Atom | undefined {
  codePointEscape.lastIndex = at;
  const match = codePointEscape.exec(reading.pattern);
  if (match === null) return undefined;
  const [whole, point, high, low, unit, byte, letter] = match;
  const end = at + whole.length;
  if (letter !== undefined) return literal(reading, letter.charCodeAt(0) % 32, end);
  if (high !== undefined && low !== undefined) {
    const pair = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
    return literal(reading, pair.codePointAt(0) ?? 0, end);
  }
  return literal(reading, Number.parseInt(point ?? unit ?? byte ?? "", 16), end);
}

function literal(reading: Reading, codePoint: number, end: number): Atom {
  return { ...atomOf(reading, [[codePoint, codePoint + 1]], end), codePoint };
}

function atomOf({ ignoresCase }: Reading, set: readonly Range[], end: number): Atom {
  const closed = ignoresCase ? closeOverCase(set) : set;
  return { set, closed, isPlain: isSame(set, closed), end };
}

function isSame([set, ...more]: readonly Range[], closed: readonly Range[]): boolean {
  return (
    more.length === 0 && closed.length === 1 && set?.[0] === closed[0]?.[0] && set?.[1] === closed[0]?.[1]
  );
}

const maxVariants = 500;

/**
 * The content of `\q{…}` with all forms of each character. `undefined` if there are too many of them, or if an item
 * is not a character.
 */
export function variantsOf(strings: string): readonly string[] | undefined {
  const reading = { pattern: strings, hasSets: true, ignoresCase: true };
  const finished: string[] = [];
  let variants = [""];
  for (let at = 0; at < strings.length;) {
    if (strings[at] === "|") {
      finished.push(...variants);
      variants = [""];
      at += 1;
      continue;
    }
    const atom = readAtom(reading, at, true);
    if (atom?.codePoint === undefined) return undefined;
    const forms = atom.closed.flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, index) => `\\u{${(start + index).toString(16)}}`),
    );
    variants = variants.flatMap((variant) => forms.map((form) => variant + form));
    if (finished.length + variants.length > maxVariants) return undefined;
    at = atom.end;
  }
  return [...finished, ...variants];
}

export function matchAt(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(text)?.[0];
}
