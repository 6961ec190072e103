import { mergeRanges as merge, type Range } from "./case-folding.ts";
import { binaryRanges, categoryRanges, scriptExtensionRanges, scriptRanges } from "./property-tables.ts";

/**
 * The code point properties that `\p{…}` can name
 * (https://tc39.es/ecma262/#sec-runtime-semantics-unicodematchproperty-p).
 */

const lastCodePoint = 0x10_ff_ff;
const everything: readonly Range[] = [[0, lastCodePoint + 1]];
const known = new Map<string, readonly Range[] | undefined>([
  ["Any", everything],
  ["ASCII", [[0, 0x80]]],
]);

/** `undefined` for names that do not exist, and for properties of strings (`string-properties.ts`). */
export function rangesNamed(name: string): readonly Range[] | undefined {
  if (!known.has(name)) known.set(name, readRanges(name));
  return known.get(name);
}

/** True if a code point has a property, found by binary search. */
export function isInProperty(name: string, codePoint: number): boolean {
  const ranges = rangesNamed(name) ?? [];
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (codePoint >= (ranges[middle]?.[1] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return codePoint >= (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY);
}

function readRanges(name: string): readonly Range[] | undefined {
  const [property = "", value] = name.split("=");
  if (value === undefined) return categoryNamed(property) ?? binaryNamed(property);
  if (property === "General_Category" || property === "gc") return categoryNamed(value);
  if (property === "Script" || property === "sc") return decodeIn(scriptRanges, value);
  if (property !== "Script_Extensions" && property !== "scx") return undefined;
  return decodeIn(scriptExtensionRanges, value) ?? decodeIn(scriptRanges, value);
}

/** Categories that consist of other ones, as expressions that match the short names of those. */
const groups: Readonly<Record<string, RegExp>> = {
  "C Other": /^C/,
  "L Letter": /^L/,
  "LC Cased_Letter": /^L[ltu]/,
  "M Mark Combining_Mark": /^M/,
  "N Number": /^N/,
  "P Punctuation punct": /^P/,
  "S Symbol": /^S/,
  "Z Separator": /^Z/,
};

function categoryNamed(name: string): readonly Range[] | undefined {
  const group = groups[keyIn(groups, name) ?? ""];
  if (group === undefined) return decodeIn(categoryRanges, name);
  const parts = Object.entries(categoryRanges).filter(([names]) => group.test(names.split(" ")[1] ?? ""));
  return merge(parts.flatMap(([, encoded]) => decode(encoded)));
}

function binaryNamed(name: string): readonly Range[] | undefined {
  if (name === "Assigned") return complementOf(categoryNamed("Cn") ?? []);
  return decodeIn(binaryRanges, name);
}

function decodeIn(tables: Readonly<Record<string, string>>, name: string): readonly Range[] | undefined {
  const encoded = tables[keyIn(tables, name) ?? ""];
  return encoded === undefined ? undefined : decode(encoded);
}

function keyIn(tables: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return Object.keys(tables).find((names) => names.split(" ").includes(name));
}

function decode(encoded: string): readonly Range[] {
  const numbers = encoded.split(" ").map((digits) => Number.parseInt(digits, 36));
  const ranges: Range[] = [];
  let at = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    const start = at + (numbers[index] ?? 0);
    at = start + (numbers[index + 1] ?? 0);
    ranges.push([start, at]);
  }
  return ranges;
}

export function complementOf(ranges: readonly Range[]): readonly Range[] {
  const edges = [0, ...ranges.flat(), lastCodePoint + 1];
  const gaps: Range[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [start = 0, end = 0] = [edges[index], edges[index + 1]];
    if (start < end) gaps.push([start, end]);
  }
  return gaps;
}

export function classOf(ranges: readonly Range[]): string {
  return ranges.map(([start, end]) => `${escapeOf(start)}-${escapeOf(end - 1)}`).join("");
}

function escapeOf(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}
