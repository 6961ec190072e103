import type { Result } from "./bench.ts";
import { median, percentile, summarise } from "./statistics.ts";

/** A contender in a comparison. */
export interface Contender {
  readonly name: string;
  /** Runs the task once or many times, and returns the figures of this round. */
  round(): Promise<Figures>;
}

/** The figures of one round, by name. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Measures contenders in turns, A B C A B C, so that other load on the machine affects all of them. The first
 * turn of each is a warm-up and does not count.
 */
export async function inTurns(rounds: number, contenders: readonly Contender[]): Promise<readonly Result[]> {
  const taken = contenders.map((): Figures[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const figures = await contender.round();
      if (round >= 0) taken[index]?.push(figures);
    }
  }
  return contenders.map(({ name }, index) => resultOf(name, taken[index] ?? []));
}

/** Summarizes the rounds of one contender, figure by figure. */
export function resultOf(name: string, rounds: readonly Figures[]): Result {
  const names = Object.keys(rounds[0] ?? {});
  const figures = names.map(
    (figure) => [figure, summarise(rounds.map((each) => each[figure] ?? Number.NaN))] as const,
  );
  return { name, figures: Object.fromEntries(figures) };
}

/** Returns the duration of `act`, in milliseconds. */
export async function timed(act: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/**
 * Runs `act` sequentially, `count` times, and returns the results: durations in milliseconds, or whatever
 * `act` returns.
 */
export async function repeated(count: number, act: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index++) taken.push(await act());
  return taken;
}

/** The figures of the durations in one round. */
export function timeFigures(times: readonly number[]): Figures {
  return { p50: median(times), p99: percentile(times, 0.99) };
}
