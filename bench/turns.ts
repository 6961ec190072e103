import type { Result } from "./bench.ts";
import { median, percentile, summarise } from "./statistics.ts";

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  /** Does it once, or some hundred times, and answers with the figures of that. */
  round(): Promise<Figures>;
}

/** What one round measured, by the name of the figure. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Measures in turns, A B C A B C: whatever else the machine does meanwhile, it does to all of them. The first turn
 * of each warms it up and is not counted.
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

/** What the rounds of one contender come to, figure by figure. */
export function resultOf(name: string, rounds: readonly Figures[]): Result {
  const names = Object.keys(rounds[0] ?? {});
  const figures = names.map(
    (figure) => [figure, summarise(rounds.map((each) => each[figure] ?? Number.NaN))] as const,
  );
  return { name, figures: Object.fromEntries(figures) };
}

/** How long `act` takes, in milliseconds. */
export async function timed(act: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** `act`, so many times one after the other: what each took, in milliseconds, or whatever else it answers. */
export async function repeated(count: number, act: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index++) taken.push(await act());
  return taken;
}

/** The figures of times that were taken in one round. */
export function timeFigures(times: readonly number[]): Figures {
  return { p50: median(times), p99: percentile(times, 0.99) };
}
