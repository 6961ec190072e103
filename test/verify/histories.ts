import type { Entry } from "./workflow/history.ts";

/**
 * What is wrong with two histories of one execution, told by different attempts or at different times: one must be
 * the beginning of the other. Otherwise a replay came to know, to draw or to read the clock otherwise.
 */
export function contradiction(one: readonly Entry[], other: readonly Entry[]): string | undefined {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [first, second] = [JSON.stringify(one[index]), JSON.stringify(other[index])];
    if (first !== second) return `had as number ${index} of its history ${first}, then ${second}`;
  }
  return undefined;
}

/** The position at which the clock of an execution went backwards. */
export function clockFault(history: readonly Entry[]): string | undefined {
  const index = history.findIndex(({ now }, place) => now < (history[place - 1]?.now ?? 0));
  return index < 0 ? undefined : `has a clock that went back at number ${index} of its history`;
}

/** The positions whose end the workflow has observed. */
export function endedIn(history: readonly Entry[]): readonly string[] {
  return history.filter(({ is }) => is === "ended").map(({ at }) => at);
}
