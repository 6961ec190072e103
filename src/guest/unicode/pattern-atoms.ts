/**
 * Patterns with the flags `iu` or `iv`. The engine was built without the tables by which Unicode ignores case: it compares
 * as without `u`, so that neither `[a-z]` matches ſ, nor `\P{Lu}` anything but what is in it. Each letter and class is written out
 * here with all of its forms (https://tc39.es/ecma262/#sec-compileatom); what then is compared as the engine does is right.
 */
import { closeOverCase } from "./case-folding.ts";
import type { Range } from "./case-folding.ts";
import { classOf, complementOf, rangesNamed } from "./property-escapes.ts";

/** The pattern; `undefined` where something in it is not known here, and the engine is left alone with it. */
export function writeOutCase(pattern: string, hasSets: boolean): string | undefined {
  let depth = 0;
  let result = "";
  for (let at = 0; at < pattern.length;) {
    if (depth > 0 || pattern[at] === "[") {
      const read = hasSets ? readInSet(pattern, at, depth) : readClass(pattern, at);
      if (read === undefined) return undefined;
      result += read.text;
      at = read.end;
      depth = read.depth;
      continue;
    }
    const read = readOutside(pattern, at, hasSets);
    if (read === undefined) return undefined;
    result += read.text;
    at = read.end;
  }
  return result;
}

interface Written {
  readonly text: string;
  readonly end: number;
  readonly depth: number;
}

/** What has no letters: the names of groups, and counts. */
const verbatim = /\(\?<(?![=!])[^>]*>|\\k<[^>]*>|\\[1-9]\d*|\\[bB]|\{\d+(?:,\d*)?\}/y;
const modifiers = /\(\?[imsx-]+[:)]/y;

function readOutside(pattern: string, at: number, hasSets: boolean): Written | undefined {
  if (matchAt(modifiers, pattern, at) !== undefined) return undefined;
  const kept = matchAt(verbatim, pattern, at);
  if (kept !== undefined) return { text: kept, end: at + kept.length, depth: 0 };
  const atom = readAtom(pattern, at, hasSets);
  if (atom === undefined) return undefined;
  const text = pattern.slice(at, atom.end);
  return { text: atom.isPlain ? text : `[${classOf(atom.closed)}]`, end: atom.end, depth: 0 };
}

/** A class without sets, from its bracket to its end. */
function readClass(pattern: string, start: number): Written | undefined {
  const isNegated = pattern[start + 1] === "^";
  let at = start + (isNegated ? 2 : 1);
  const set: Range[] = [];
  while (pattern[at] !== "]") {
    const item = readItem(pattern, at, false);
    if (item === undefined) return undefined;
    set.push(...item.set);
    at = item.end;
  }
  return { text: `[${isNegated ? "^" : ""}${classOf(closeOverCase(set))}]`, end: at + 1, depth: 0 };
}

const ofSets = /\[\^?|\]|&&|--|\\q\{[^}]*\}/y;

/** One item of a class with sets: each is a class of its own, so that it may be what `&&` or `--` takes. */
function readInSet(pattern: string, at: number, depth: number): Written | undefined {
  const kept = matchAt(ofSets, pattern, at);
  if (kept !== undefined) {
    const change = kept.startsWith("[") ? 1 : kept === "]" ? -1 : 0;
    return { text: kept, end: at + kept.length, depth: depth + change };
  }
  const item = readItem(pattern, at, true);
  if (item === undefined) return undefined;
  const text = item.isPlain ? pattern.slice(at, item.end) : `[${classOf(item.closed)}]`;
  return { text, end: item.end, depth };
}

interface Atom {
  /** What it stands for in a class. */
  readonly set: readonly Range[];
  /** With all forms. */
  readonly closed: readonly Range[];
  /** Whether the engine reads it as that. */
  readonly isPlain: boolean;
  readonly end: number;
}

/** A character, an escape, or a range of characters. */
function readItem(pattern: string, at: number, hasSets: boolean): Atom | undefined {
  const first = readAtom(pattern, at, hasSets, true);
  const isRange =
    first !== undefined && pattern[first.end] === "-" && !/[\]-]/.test(pattern[first.end + 1] ?? "]");
  if (!isRange) return first;
  const last = readAtom(pattern, first.end + 1, hasSets, true);
  const [from, to] = [first.set[0]?.[0], last?.set[0]?.[0]];
  if (last === undefined || from === undefined || to === undefined || to < from) return undefined;
  const set: Range[] = [[from, to + 1]];
  const closed = closeOverCase(set);
  return { set, closed, isPlain: isSame(set, closed), end: last.end };
}

const property = /\\([pP])\{([^{}]*)\}/y;
const codePointEscape =
  /\\u\{([\da-fA-F]+)\}|\\u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})|\\c([a-zA-Z])/y;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0, b: 8 };

function readAtom(pattern: string, at: number, hasSets: boolean, isInClass = false): Atom | undefined {
  if (pattern[at] !== "\\") {
    const codePoint = pattern.codePointAt(at);
    if (codePoint === undefined) return undefined;
    return literal(codePoint, at + (codePoint > 0xff_ff ? 2 : 1));
  }
  const escape = pattern[at + 1] ?? "";
  const end = at + 2;
  if (/[pP]/.test(escape)) return readProperty(pattern, at, hasSets);
  if (/[wWdDsS]/.test(escape)) return { ...shorthand(escape), end };
  const control = controls[escape];
  if (control !== undefined && (isInClass || escape !== "b")) return literal(control, end);
  const codePoint = readCodePointEscape(pattern, at);
  if (codePoint !== undefined) return codePoint;
  return /[a-zA-Z1-9]/.test(escape) ? undefined : literal(pattern.codePointAt(at + 1) ?? 0, end);
}

function readProperty(pattern: string, at: number, hasSets: boolean): Atom | undefined {
  property.lastIndex = at;
  const [whole = "", letter, name = ""] = property.exec(pattern) ?? [];
  const ranges = rangesNamed(name);
  if (ranges === undefined) return undefined;
  const end = at + whole.length;
  const closed = closeOverCase(ranges);
  if (letter === "p") return { set: ranges, closed, isPlain: false, end };
  const set = complementOf(ranges);
  return { set, closed: hasSets ? complementOf(closed) : closeOverCase(set), isPlain: false, end };
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

function shorthand(escape: string): Omit<Atom, "end"> {
  const lower = escape.toLowerCase();
  const isPlain = lower !== "w";
  const set = isPlain ? (lower === "d" ? digits : spaces) : closeOverCase(word);
  const chosen = escape === lower ? set : complementOf(set);
  return { set: chosen, closed: chosen, isPlain };
}

function readCodePointEscape(pattern: string, at: number): Atom | undefined {
  codePointEscape.lastIndex = at;
  const match = codePointEscape.exec(pattern);
  if (match === null) return undefined;
  const [whole, point, high, low, unit, byte, letter] = match;
  const end = at + whole.length;
  if (letter !== undefined) return literal(letter.charCodeAt(0) % 32, end);
  if (high !== undefined && low !== undefined) {
    const pair = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
    return literal(pair.codePointAt(0) ?? 0, end);
  }
  return literal(Number.parseInt(point ?? unit ?? byte ?? "", 16), end);
}

function literal(codePoint: number, end: number): Atom {
  const set: Range[] = [[codePoint, codePoint + 1]];
  const closed = closeOverCase(set);
  return { set, closed, isPlain: isSame(set, closed), end };
}

function isSame([set, ...more]: readonly Range[], closed: readonly Range[]): boolean {
  return (
    more.length === 0 && closed.length === 1 && set?.[0] === closed[0]?.[0] && set?.[1] === closed[0]?.[1]
  );
}

function matchAt(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(text)?.[0];
}
