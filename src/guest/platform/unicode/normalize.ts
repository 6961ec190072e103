import { domString } from "../../core/interface.ts";
import { canonical, combiningClasses, compatible, compositions } from "./normalization-tables.ts";

/**
 * `String.prototype.normalize`, which the engine is built without (https://unicode.org/reports/tr15/).
 *
 * @throws {RangeError} if the form is none of `NFC`, `NFD`, `NFKC`, `NFKD`
 */
// oxlint-disable-next-line typescript/unbound-method -- a method, as functions of the language are no constructors
export const { normalize } = {
  normalize(this: unknown, form: unknown = "NFC"): string {
    if (this === undefined || this === null)
      throw new TypeError("String.prototype.normalize: this is no string");
    const [text, kind] = [domString(this), domString(form)];
    if (!forms.has(kind))
      throw new RangeError(`"${kind}" is no form of normalization: say NFC, NFD, NFKC or NFKD`);
    if (isPlain(text, kind)) return text;
    const decomposed = sortMarks(decompose(text, kind.startsWith("NFK")));
    return textOf(kind.endsWith("C") ? compose(decomposed) : decomposed);
  },
};

const forms = new Set(["NFC", "NFD", "NFKC", "NFKD"]);

/** Code points below U+0300 never compose, and those below U+00A0 never decompose. */
function isPlain(text: string, form: string): boolean {
  const first = form === "NFC" ? 0x3_00 : 0xa0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) >= first) return false;
  }
  return true;
}

interface Tables {
  readonly canonical: ReadonlyMap<number, readonly number[]>;
  readonly compatible: ReadonlyMap<number, readonly number[]>;
  /** Keyed by the first code point, then by the second. */
  readonly compositions: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Ranks in the order of the combining classes. Starters are not included. */
  readonly ranks: ReadonlyMap<number, number>;
}

let read: Tables | undefined;

function tables(): Tables {
  read ??= {
    canonical: new Map(entriesOf(canonical)),
    compatible: new Map(entriesOf(compatible)),
    compositions: readCompositions(),
    ranks: readRanks(),
  };
  return read;
}

function* entriesOf(encoded: string): Generator<[number, number[]]> {
  let codePoint = 0;
  for (const entry of encoded.split(",")) {
    const [step = 0, ...rest] = entry.split(" ").map((digits) => Number.parseInt(digits, 36));
    codePoint += step;
    yield [codePoint, rest];
  }
}

function readCompositions(): Map<number, Map<number, number>> {
  const pairs = new Map<number, Map<number, number>>();
  for (const [codePoint, [first = 0, second = 0]] of entriesOf(compositions)) {
    pairs.set(first, (pairs.get(first) ?? new Map<number, number>()).set(second, codePoint));
  }
  return pairs;
}

function readRanks(): Map<number, number> {
  const ranks = new Map<number, number>();
  for (const [index, run] of combiningClasses.split(",").entries()) {
    const numbers = run.split(" ").map((digits) => Number.parseInt(digits, 36));
    let at = 0;
    for (let pair = 0; pair < numbers.length; pair += 2) {
      at += numbers[pair] ?? 0;
      for (const end = at + (numbers[pair + 1] ?? 0); at < end; at += 1) ranks.set(at, index + 1);
    }
  }
  return ranks;
}

/** Hangul is computed (https://www.unicode.org/versions/latest/core-spec/chapter-3/#G24646). */
const hangul = { syllables: 0xac_00, leads: 0x11_00, vowels: 0x11_61, trails: 0x11_a7 } as const;
const counts = { leads: 19, vowels: 21, trails: 28 } as const;
const syllables = counts.leads * counts.vowels * counts.trails;

function decompose(text: string, isCompatible: boolean): number[] {
  const decomposed: number[] = [];
  const { canonical: own, compatible: others } = tables();
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const mapped = (isCompatible ? others.get(codePoint) : undefined) ?? own.get(codePoint);
    decomposed.push(...(mapped ?? jamosOf(codePoint)));
  }
  return decomposed;
}

function jamosOf(codePoint: number): readonly number[] {
  const index = codePoint - hangul.syllables;
  if (index < 0 || index >= syllables) return [codePoint];
  const trail = index % counts.trails;
  const lead = hangul.leads + Math.floor(index / (counts.vowels * counts.trails));
  const vowel = hangul.vowels + (Math.floor(index / counts.trails) % counts.vowels);
  return trail === 0 ? [lead, vowel] : [lead, vowel, hangul.trails + trail];
}

/** Sorts marks in place by their classes. Marks of the same class keep their order. */
function sortMarks(codePoints: number[]): number[] {
  const { ranks } = tables();
  let start = 0;
  for (let index = 0; index <= codePoints.length; index += 1) {
    if (ranks.has(codePoints[index] ?? -1)) continue;
    if (index - start > 1) {
      const marks = codePoints.slice(start, index);
      const sorted = marks.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
      for (const [offset, mark] of sorted.entries()) codePoints[start + offset] = mark;
    }
    start = index + 1;
  }
  return codePoints;
}

function compose(codePoints: readonly number[]): number[] {
  const { ranks } = tables();
  const composed: number[] = [];
  let starter = -1;
  let before = 0;
  for (const codePoint of codePoints) {
    const rank = ranks.get(codePoint) ?? 0;
    // A mark is blocked by another one of its class, and a starter by any character in between.
    const isNext = starter === composed.length - 1;
    const pair =
      starter >= 0 && (isNext || before < rank) ? pairOf(composed[starter] ?? 0, codePoint) : undefined;
    if (pair !== undefined) {
      composed[starter] = pair;
      continue;
    }
    if (rank === 0) starter = composed.length;
    before = rank;
    composed.push(codePoint);
  }
  return composed;
}

function pairOf(first: number, second: number): number | undefined {
  return syllableOf(first, second) ?? tables().compositions.get(first)?.get(second);
}

function syllableOf(first: number, second: number): number | undefined {
  const [lead, vowel] = [first - hangul.leads, second - hangul.vowels];
  if (lead >= 0 && lead < counts.leads && vowel >= 0 && vowel < counts.vowels) {
    return hangul.syllables + (lead * counts.vowels + vowel) * counts.trails;
  }
  const [syllable, trail] = [first - hangul.syllables, second - hangul.trails];
  const isOpen = syllable >= 0 && syllable < syllables && syllable % counts.trails === 0;
  return isOpen && trail > 0 && trail < counts.trails ? first + trail : undefined;
}

function textOf(codePoints: readonly number[]): string {
  let text = "";
  for (const codePoint of codePoints) text += String.fromCodePoint(codePoint);
  return text;
}

/** True if the character is a base that marks can follow, by its canonical combining class. */
export function isBase(character: string): boolean {
  return !tables().ranks.has(character.codePointAt(0) ?? 0);
}

/** True if the character is a mark above its base: it has the combining class of the grave accent. */
export function isMarkAbove(character: string): boolean {
  const { ranks } = tables();
  return ranks.get(character.codePointAt(0) ?? 0) === ranks.get(0x3_00);
}
