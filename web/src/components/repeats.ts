import { isBad, subjectOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** Steps of a loop: the same steps, several times in a row. */
export interface Repeats {
  /** The index of the first step, which is stable while the loop continues. */
  readonly id: number;
  readonly steps: readonly TimelineStep[];
  /** Number of rounds. */
  readonly count: number;
  /** Description of one round: `GET shop.example/items/…, sleep`. */
  readonly round: string;
}

/** One row of a timeline. */
export type TimelineLine = TimelineStep | Repeats;

export function isRepeats(line: TimelineLine): line is Repeats {
  return "round" in line;
}

/** Fewer rounds are not grouped. */
const minCount = 5;
/** The maximum number of steps in a round. */
const maxRound = 4;
/** Number of steps shown while repeats are collapsed. */
const maxShown = 20;

/** Groups the rounds of loops. Steps are equal if their names differ only in numbers and UUIDs of paths. */
export function withRepeats(steps: readonly TimelineStep[]): readonly TimelineLine[] {
  const kinds = steps.map(kindOf);
  const lines: TimelineLine[] = [];
  for (let at = 0; at < steps.length;) {
    const { length, count } = repeatsAt(kinds, at);
    if (count < minCount) lines.push(...steps.slice(at, ++at));
    else {
      const repeated = steps.slice(at, at + length * count);
      lines.push({
        id: repeated[0]?.index ?? at,
        steps: repeated,
        count,
        round: kinds
          .slice(at, at + length)
          .map(textOf)
          .join(", "),
      });
      at += repeated.length;
    }
  }
  return lines;
}

/** The steps shown while the repeats are collapsed: the last failed or pending ones, and the selected one. */
export function shownWhileCollapsed({ steps }: Repeats, selected?: number): readonly TimelineStep[] {
  const notable = new Set(steps.filter((step) => isBad(step) || step.outcome === "pending").slice(-maxShown));
  return steps.filter((step) => notable.has(step) || step.index === selected);
}

/** `200 × GET shop.example/items/…, 1 failed` */
export function repeatsText({ count, round, steps }: Repeats): string {
  const failed = steps.filter(isBad).length;
  const pending = steps.filter(({ outcome }) => outcome === "pending").length;
  return [
    `${count.toLocaleString("en")} × ${round}`,
    ...(failed === 0 ? [] : [`${failed.toLocaleString("en")} failed`]),
    ...(pending === 0 ? [] : [`${pending.toLocaleString("en")} pending`]),
  ].join(", ");
}

interface Kind {
  readonly name: string;
  readonly operation: string;
}

function kindOf({ name, operation }: TimelineStep): Kind {
  return { name: name.replace(/https?:\/\//, "").replaceAll(variable, "/…"), operation };
}

/** A fetch is identified by its method. */
function textOf(kind: Kind): string {
  return kind.operation === "fetch" ? subjectOf(kind) : kind.name;
}

/** A path segment that is an ID. */
const variable = /\/(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=[/?#]|$)/gi;

/** The number of rounds that start at a step, with the shortest length that repeats often enough. */
function repeatsAt(kinds: readonly Kind[], at: number): { readonly length: number; readonly count: number } {
  for (let length = 1; length <= maxRound; length++) {
    let end = at + length;
    while (end < kinds.length && kinds[end]?.name === kinds[end - length]?.name) end++;
    const count = Math.floor((end - at) / length);
    if (count >= minCount) return { length, count };
  }
  return { length: 1, count: 1 };
}
