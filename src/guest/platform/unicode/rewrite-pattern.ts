/**
 * Rewrites patterns with the flags `u` or `v`. The engine is built without Unicode's tables: it supports no
 * properties, and ignores case by the rules without `u`, so that `[a-z]` does not match ſ, for example. So each
 * class is written out with the characters that it contains, and each letter, if case is ignored, with all of its
 * forms (https://tc39.es/ecma262/#sec-compileatom). The engine's own comparison then gives the correct result.
 */
import {
  type Atom,
  matchAt,
  type Reading,
  readAtom,
  readItem,
  variantsOf,
  wordClass,
} from "./pattern-atoms.ts";
import { closeOverCase, type Range } from "./case-folding.ts";
import { classOf } from "./property-escapes.ts";
import { classOfStrings } from "./string-properties.ts";

export interface PatternFlags {
  /** True with the flag `v`. */
  readonly hasSets: boolean;
  /** True with the flag `i`. */
  readonly ignoresCase: boolean;
}

/**
 * The equivalent pattern for the engine. `undefined` if a part of it is not valid or not supported here: the engine
 * then throws its own error.
 */
export function rewritePattern(pattern: string, flags: PatternFlags): string | undefined {
  const rewriting = { pattern, hasSets: flags.hasSets, groups: [flags.ignoresCase], depth: 0 };
  let result = "";
  for (let at = 0; at < pattern.length;) {
    const written = writeNext(rewriting, at);
    if (written === undefined) return undefined;
    result += written.text;
    at = written.end;
  }
  return result;
}

/** Compiles a pattern of the runtime itself. */
export function compileUnicode(pattern: string, flags: "u" | "gu"): RegExp {
  return new RegExp(rewritePattern(pattern, { hasSets: false, ignoresCase: false }) ?? pattern, flags);
}

interface Rewriting {
  readonly pattern: string;
  readonly hasSets: boolean;
  /** For each open group, whether case is ignored in it. */
  readonly groups: boolean[];
  /** Nesting depth of classes with sets. */
  depth: number;
}

interface Written {
  readonly text: string;
  readonly end: number;
}

function writeNext(rewriting: Rewriting, at: number): Written | undefined {
  const { pattern, hasSets, groups, depth } = rewriting;
  const reading = { pattern, hasSets, ignoresCase: groups.at(-1) ?? false };
  if (depth > 0 || pattern[at] === "[") {
    return hasSets ? writeInSet(rewriting, reading, at) : writeClass(reading, at);
  }
  return writeGroup(rewriting, at) ?? writeOutside(reading, at);
}

const group = /\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|([imsx]*)(?:-([imsx]*))?:))?|\)/y;

/** Copies the start or end of a group unchanged. */
function writeGroup({ pattern, groups }: Rewriting, at: number): Written | undefined {
  group.lastIndex = at;
  const [text, added = "", removed = ""] = group.exec(pattern) ?? [];
  if (text === undefined) return undefined;
  const isIgnoring = groups.at(-1) ?? false;
  if (text === ")") groups.pop();
  else groups.push(added.includes("i") || (isIgnoring && !removed.includes("i")));
  return { text, end: at + text.length };
}

/** Parts without letters: references to groups, and quantifiers. */
const verbatim = /\\k<[^>]*>|\\[1-9]\d*|\{\d+(?:,\d*)?\}/y;
const boundary = /\\[bB]/y;

function writeOutside(reading: Reading, at: number): Written | undefined {
  const { pattern, ignoresCase } = reading;
  const edge = matchAt(boundary, pattern, at);
  if (edge !== undefined) return { text: ignoresCase ? boundaries[edge as "\\b"] : edge, end: at + 2 };
  const kept = matchAt(verbatim, pattern, at);
  if (kept !== undefined) return { text: kept, end: at + kept.length };
  return writeStringProperty(reading, at) ?? written(reading, at, readAtom(reading, at));
}

const stringProperty = /\\p\{(\w+)\}/y;

/** A property that can also be a property of strings. */
function writeStringProperty({ pattern, hasSets }: Reading, at: number): Written | undefined {
  if (!hasSets) return undefined;
  stringProperty.lastIndex = at;
  const [whole = "", name = ""] = stringProperty.exec(pattern) ?? [];
  const text = classOfStrings(name);
  return text === undefined ? undefined : { text, end: at + whole.length };
}

/** `\b` and `\B` with ſ and K (the Kelvin sign) as word characters. */
const inWord = `[${wordClass}]`;
const boundaries = {
  "\\b": `(?:(?<=${inWord})(?!${inWord})|(?<!${inWord})(?=${inWord}))`,
  "\\B": `(?:(?<=${inWord})(?=${inWord})|(?<!${inWord})(?!${inWord}))`,
} as const;

function written({ pattern }: Reading, at: number, atom: Atom | undefined): Written | undefined {
  if (atom === undefined) return undefined;
  const { isPlain, closed, end } = atom;
  return { text: isPlain ? pattern.slice(at, end) : `[${classOf(closed)}]`, end };
}

/** Rewrites a class without sets, from its bracket to its end. */
function writeClass(reading: Reading, start: number): Written | undefined {
  const { pattern, ignoresCase } = reading;
  const beginning = pattern[start + 1] === "^" ? "[^" : "[";
  let at = start + beginning.length;
  let text = "";
  const set: Range[] = [];
  while (pattern[at] !== "]") {
    const item = readItem(reading, at);
    if (item === undefined) return undefined;
    set.push(...item.set);
    text += item.isPlain ? pattern.slice(at, item.end) : classOf(item.set);
    at = item.end;
  }
  return { text: `${beginning}${ignoresCase ? classOf(closeOverCase(set)) : text}]`, end: at + 1 };
}

const ofSets = /\[\^?|\]|&&|--/y;
const strings = /\\q\{([^}]*)\}/y;

/**
 * Rewrites one item of a class with sets. Each item becomes a class, so that it can be an operand of `&&` or `--`.
 */
function writeInSet(rewriting: Rewriting, reading: Reading, at: number): Written | undefined {
  const { pattern } = reading;
  const kept = matchAt(ofSets, pattern, at);
  if (kept !== undefined) {
    rewriting.depth += kept.startsWith("[") ? 1 : kept === "]" ? -1 : 0;
    return { text: kept, end: at + kept.length };
  }
  return (
    writeStrings(reading, at) ??
    writeStringProperty(reading, at) ??
    written(reading, at, readItem(reading, at))
  );
}

/** `\q{one|other}`, with all case forms of each string. */
function writeStrings({ pattern, ignoresCase }: Reading, at: number): Written | undefined {
  strings.lastIndex = at;
  const [text, inside = ""] = strings.exec(pattern) ?? [];
  if (text === undefined) return undefined;
  const variants = ignoresCase ? variantsOf(inside) : undefined;
  return { text: variants === undefined ? text : `\\q{${variants.join("|")}}`, end: at + text.length };
}
