import type { Summary } from "./statistics.ts";

/** One measurement of the table: what it measures, beside what, is in `README.md`. */
export interface Bench {
  readonly name: string;
  measure(run: BenchRun): Promise<void>;
}

/** `quick` shows that everything works; `long` measures what takes hours' worth of executions. */
export type Length = "quick" | "usual" | "long";

export interface BenchRun {
  readonly length: Length;
  /** Takes a comparison as soon as it is there. */
  report(comparison: Comparison): void;
  /** Takes what the reader of the table must know, as a sentence. */
  note(sentence: string): void;
}

/** The same thing, done by several: ours first. */
export interface Comparison {
  readonly what: string;
  readonly unit: string;
  readonly results: readonly Result[];
}

export interface Result {
  readonly name: string;
  /** By figure: `p50`, `p99`, `rate`… */
  readonly figures: Readonly<Record<string, Summary>>;
}

/** How many of something there are, by the length of the run. A run that is `long` has as many as a usual one. */
export function countFor(length: Length, counts: { readonly quick: number; readonly usual: number }): number {
  return length === "quick" ? counts.quick : counts.usual;
}
