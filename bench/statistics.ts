/** What several rounds of one figure come to. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order in which they were taken. */
  readonly rounds: readonly number[];
}

export function summarise(rounds: readonly number[]): Summary {
  return { median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** By nearest rank: the smallest value that `share` of all do not exceed. Of few values that is the largest. */
export function percentile(values: readonly number[], share: number): number {
  const rank = Math.ceil(share * values.length);
  return ascending(values)[Math.max(0, rank - 1)] ?? Number.NaN;
}

function ascending(values: readonly number[]): number[] {
  return [...values].toSorted((a, b) => a - b);
}
