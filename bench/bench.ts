import type { Summary } from "./statistics.ts";

/** One bench of the table. `README.md` describes what it measures and its baselines. */
export interface Bench {
  readonly name: string;
  measure(run: BenchRun): Promise<void>;
}

/** `quick` is a smoke test; `long` adds measurements that need very many executions. */
export type Length = "quick" | "usual" | "long";

export interface BenchRun {
  readonly length: Length;
  /** Called with each comparison as soon as it is complete. */
  report(comparison: Comparison): void;
  /** Called with a sentence that readers of the table need. */
  note(sentence: string): void;
}

/** The same task, done by several contenders, Duranium first. */
export interface Comparison {
  readonly what: string;
  readonly unit: string;
  readonly results: readonly Result[];
}

export interface Result {
  readonly name: string;
  /** By name of the figure: `p50`, `p99`, `rate`… */
  readonly figures: Readonly<Record<string, Summary>>;
}

/** Returns the count for the length of a run; `long` runs use the usual count. */
export function countFor(length: Length, counts: { readonly quick: number; readonly usual: number }): number {
  return length === "quick" ? counts.quick : counts.usual;
}
