/** The summary of one figure over several rounds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order of measurement. */
  readonly rounds: readonly number[];
}

export function summarise(rounds: readonly number[]): Summary {
  return { median: median(rounds), min: Math.min(...rounds), max: Math.max(...rounds), rounds };
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The nearest-rank percentile: the smallest value that at least `share` of all values do not exceed. Of few
 * values that is the maximum.
 */
export function percentile(values: readonly number[], share: number): number {
  const rank = Math.ceil(share * values.length);
  return ascending(values)[Math.max(0, rank - 1)] ?? Number.NaN;
}

function ascending(values: readonly number[]): number[] {
  return [...values].toSorted((a, b) => a - b);
}
