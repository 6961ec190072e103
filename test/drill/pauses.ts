/** Something that was done to a part of the installation. Times are milliseconds since the Unix epoch. */
export interface Disturbed {
  /** `kill -9 of a Restate node` */
  readonly kind: string;
  /** `n2` */
  readonly part: string;
  readonly at: number;
  /** When the part worked again. */
  readonly until: number;
}

/** What executions had of disturbances of one kind, in milliseconds. */
export interface Pauses {
  readonly kind: string;
  readonly count: number;
  /** From each disturbance to the next execution that ended. */
  readonly next: Spread;
  /** The longest time in which no execution ended, from the disturbance until shortly after its end. */
  readonly longest: Spread;
}

export interface Spread {
  readonly median: number;
  readonly max: number;
}

/** How long after the end of a disturbance a gap still counts as its own. */
const aftermathMs = 5_000;

/**
 * @param ends when executions ended, in any order
 * @param until when the load ended
 */
export function pausesOf(
  disturbances: readonly Disturbed[],
  ends: readonly number[],
  until: number,
): readonly Pauses[] {
  const sorted = ends.toSorted((one, other) => one - other);
  return Array.from(
    Map.groupBy(disturbances, ({ kind }) => kind),
    ([kind, same]) => ({
      kind,
      count: same.length,
      next: spreadOf(same.map(({ at }) => (sorted.find((end) => end >= at) ?? until) - at)),
      longest: spreadOf(same.map((each) => longestGap(each, sorted, until))),
    }),
  );
}

function longestGap({ at, until: healed }: Disturbed, ends: readonly number[], until: number): number {
  const last = Math.min(healed + aftermathMs, until);
  const within = ends.filter((end) => end > at && end < last);
  const next = ends.find((end) => end >= last) ?? last;
  const times = [at, ...within, next];
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 };
}
