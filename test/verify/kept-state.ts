import { isDeepStrictEqual } from "node:util";
import { allOf } from "./places.ts";
import type { Run } from "./run.ts";
import type { Entry } from "./workflow/history.ts";

/**
 * What of a workflow's state no undisturbed runs could have left, when all of them have ended.
 *
 * @param history of all executions of the workflow
 */
export function wrongState(
  state: ReadonlyMap<string, unknown>,
  runs: readonly Run[],
  history: readonly Entry[],
): readonly string[] {
  const changes = history.map(({ what }) => (typeof what === "object" && what !== null ? what : {}));
  return [...wrongKeys(state, changes), ...wrongTally(state, runs, changes)];
}

/** The changes that an execution reports. Whether a change without a reported end was made is unknown. */
interface Change {
  readonly key?: string;
  readonly value?: unknown;
  readonly deleted?: string;
  readonly tallied?: string;
}

function wrongKeys(state: ReadonlyMap<string, unknown>, changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ key, value, deleted }) => {
    if (deleted !== undefined && state.has(deleted))
      return [`the state "${deleted}" was deleted, and is there`];
    if (key === undefined || isDeepStrictEqual(state.get(key), value)) return [];
    const [is, should] = [JSON.stringify(state.get(key)), JSON.stringify(value)];
    return [`the state "${key}" is ${is}, and should be ${should}`];
  });
}

/** Each ended update is in the tally once, and no update is in it twice. */
function wrongTally(
  state: ReadonlyMap<string, unknown>,
  runs: readonly Run[],
  changes: readonly Change[],
): readonly string[] {
  const tally = (state.get("tally") ?? []) as readonly string[];
  const names = new Set(tally);
  const possible = new Set(runs.flatMap(namesOf));
  const twice = tally.filter((name, index) => tally.indexOf(name) !== index);
  const strange = tally.filter((name) => !possible.has(name));
  const lost = changes.flatMap(({ tallied }) =>
    tallied === undefined || names.has(tallied) ? [] : [tallied],
  );
  return [
    ...twice.map((name) => `the tally has ${name} twice`),
    ...strange.map((name) => `the tally has ${name}, which no execution adds`),
    ...lost.map((name) => `the tally has lost ${name}`),
  ];
}

function namesOf({ number, program }: Run): readonly string[] {
  return allOf(program).flatMap(([step, at]) => (step.do === "tally" ? [`${number} ${at}`] : []));
}
