/**
 * Code points that are equal if case is ignored, by the simple case folding of Unicode 17. Each run is encoded in
 * base 36: the gap to its first code point, the number of code points, their distance, and the distance to the
 * other form of each.
 */
const encodedRuns =
  "1t q 1 w a 1 1 6hr 8 1 1 8c 2q 1 1 kn 0 1 1 lj b n 1 w 5 1 1 6ee j 7 1 w 7 1 1 5vj w 1 1 3d 1 o 2 1 1e 3 2 1 7 8 2 1 h n 2 1 1b 3 2 1 7 1 1 5f 1 1 1 5u 1 2 2 1 4 1 1 5q 1 1 1 1 2 2 1 5p 2 1 1 1 3 1 1 27 1 1 1 5m 1 1 1 5n 1 1 1 1 2 1 1 5p 1 1 1 5r 1 1 1 2p 1 1 1 5v 1 1 1 5t 1 1 1 1 2 1 1 4j 1 1 1 wu9 1 1 1 5v 1 1 1 5x 1 1 1 3m 1 1 1 5y 1 3 2 1 6 1 1 62 1 1 1 1 2 1 1 62 3 1 1 1 2 1 1 62 1 1 1 1 2 2 1 61 2 2 2 1 4 1 1 63 1 1 1 1 4 1 1 1 3 1 1 1k 5 1 1 1 0 1 1 2 3 1 1 1 0 1 1 2 3 1 1 1 0 1 1 2 3 8 2 1 h 9 2 1 j 1 1 1 0 1 1 2 3 1 1 1 4 k 2 1 16 9 2 1 o 1 1 8bv 1 1 1 1 3 1 1 8bs 1 2 1 8cf 2 1 1 1 3 1 1 1x 1 1 1 1z 1 5 2 1 a 1 1 8bj 1 1 1 8bg 1 1 1 8bi a 1 1 wnj 5 1 1 wnf 3 1 1 wo7 1 1 1 wmg 1 1 1 wn8 4 1 1 wn8 1 1 1 8af 1 1 1 wn5 5 1 1 8al c 1 1 89z 5 1 1 wn7 5 1 1 wmi m 1 1 wlx 1 1 1 wlu 4n 1 1 2c 0 1 1 38 0 1 1 5mh 17 2 2 1 6 1 1 1 5 3 1 3m 4 1 1 38 7 1 1 12 2 3 1 11 4 1 1 1s 2 2 1 1r 2 1 1 5kz 1 8 1 w 1 1 1 1q 3 1 1 2o 3 1 1 1l 0 1 1 2k 2 2 1 w 0 1 1 2e 3 5 1 w 3 1 1 1i 1 1 1 28 2 9 1 w 0 1 1 v 3 1 1 1b 3 1 1 5tp 7 1 1 5kj v 1 1 8 9 c 2 1 q 1 1 7 5 1 1 1 3 1 1 1 6 g 1 28 g w 1 w 2 1 1 4tq 2 1 1 4tp a 1 1 4tg 3 2 1 4te 1 1 1 4tf 8 1 1 4t8 1i h 2 1 2 1 1 4rp 14 r 2 1 1i 1 1 f 1 7 2 1 f 1c 2 1 2p 12 1 1c 29b 12 1 5ls 13 1 1 5ls 6 1 1 5ls 3 17 1 2bk 19 3 1 2bk ir 28 1 tzk 28 6 1 8 1p4 1 1 r7m 0 1 1 r7n 1 1 1 1 6o 1 1 r9g 4 1 1 2xy h 1 1 raw 36 23 2 1 2o 1 1 1n 1s 1c 2 1 2o 8 1 8 g 6 1 8 g 8 1 8 g 8 1 8 g 6 1 8 h 4 2 8 f 8 1 8 g 2 1 22 2 4 1 2e 4 2 1 2s 2 2 1 3k 2 2 1 34 2 2 1 3i 4 8 1 8 g 8 1 8 g 8 1 8 g 2 1 8 3 1 1 9 g 1 1 9 d 2 1 8 g 2 1 8 5 1 1 7 e 1 1 9 8v 1 1 s 1a g 1 g z 1 1 1 mr q 1 q 1fu 1c 1 1c 2o 1 1 1 7 3 2 1 b 1 1 1 3 1 1 1 b 1e 2 1 2z 2 2 1 7 1 1 1 nym 5 2 1 c h 2 1 1g e 2 1 4i 7 2 1 g v 2 1 1z 2 2 1 5 5 2 1 d 1 1 1 5 2 2 1 4 1 1 1c 2 a 2 1 t 1 1 ps 1 8 2 1 j 2 2 1 5 8 2 1 15 1 1 1 geo 1 1 1 t8 q 1 w yn 14 1 14 4w 10 1 14 5c b 1 13 c f 1 13 g 7 1 13 8 2 1 13 1d8 1f 1 1s 5s m 1 w 28g w 1 w gww w 1 w 2o p 1 r o68 y 1 y";

/** Code points from `start` up to, and excluding, `end`. */
export type Range = readonly [start: number, end: number];

interface Run {
  readonly start: number;
  readonly count: number;
  readonly step: number;
  readonly delta: number;
}

let decoded: readonly Run[] | undefined;

/** Adds the other forms of each code point to a set. The result is sorted, and adjacent ranges are merged. */
export function closeOverCase(set: readonly Range[]): readonly Range[] {
  let ranges = mergeRanges(set);
  // Letters with three forms need two rounds.
  for (;;) {
    const added = otherForms(ranges);
    if (added.length === 0) return ranges;
    ranges = mergeRanges([...ranges, ...added]);
  }
}

/** Sorts the ranges, and merges those that touch or overlap. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function otherForms(ranges: readonly Range[]): readonly Range[] {
  const added: Range[] = [];
  for (const { start, count, step, delta } of runs()) {
    const length = (count - 1) * step + 1;
    if (!meets(ranges, start, start + length) && !meets(ranges, start + delta, start + delta + length))
      continue;
    for (let index = 0; index < count; index += 1) {
      const one = start + index * step;
      const other = one + delta;
      const hasOne = meets(ranges, one, one + 1);
      const hasOther = meets(ranges, other, other + 1);
      if (hasOne && !hasOther) added.push([other, other + 1]);
      if (hasOther && !hasOne) added.push([one, one + 1]);
    }
  }
  return added;
}

/** True if the set contains one of the code points from `start` up to `end`. */
function meets(ranges: readonly Range[], start: number, end: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY) < end;
}

function runs(): readonly Run[] {
  if (decoded !== undefined) return decoded;
  const numbers = encodedRuns.split(" ").map((digits) => Number.parseInt(digits, 36));
  const made: Run[] = [];
  let start = 0;
  for (let index = 0; index < numbers.length; index += 4) {
    const [gap = 0, count = 0, step = 1, delta = 0] = numbers.slice(index, index + 4);
    start += gap;
    made.push({ start, count, step, delta });
  }
  decoded = made;
  return made;
}
