import { isBad, subjectOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** Steps that a loop made: the same ones, several times in a row. */
export interface Repeats {
  /** The index of the first step, which stays the same while the loop goes on. */
  readonly id: number;
  readonly steps: readonly TimelineStep[];
  /** How often the steps of one round were done. */
  readonly count: number;
  /** The steps of one round, for people: `GET shop.example/items/…, sleep`. */
  readonly round: string;
}

/** What a timeline shows on one line. */
export type TimelineLine = TimelineStep | Repeats;

export function isRepeats(line: TimelineLine): line is Repeats {
  return "round" in line;
}

/** Fewer rounds are shown as they are. */
const minCount = 5;
/** The longest round that is looked for. */
const maxRound = 4;
/** So many of the steps of repeats are shown while these are collapsed. */
const maxShown = 20;

/** Puts the rounds of loops together. Steps are alike if their names differ in numbers and UUIDs of paths only. */
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

/** Those that are shown while the repeats are collapsed: what failed or is under way, of many the last. */
export function shownWhileCollapsed({ steps }: Repeats): readonly TimelineStep[] {
  return steps.filter((step) => isBad(step) || step.outcome === "pending").slice(-maxShown);
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

/** A fetch is told by its method. */
function textOf(kind: Kind): string {
  return kind.operation === "fetch" ? subjectOf(kind) : kind.name;
}

/** A segment of a path that names one of many things. */
const variable = /\/(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=[/?#]|$)/gi;

/** How many rounds begin at a step, of the shortest length that makes enough of them. */
function repeatsAt(kinds: readonly Kind[], at: number): { readonly length: number; readonly count: number } {
  for (let length = 1; length <= maxRound; length++) {
    let end = at + length;
    while (end < kinds.length && kinds[end]?.name === kinds[end - length]?.name) end++;
    const count = Math.floor((end - at) / length);
    if (count >= minCount) return { length, count };
  }
  return { length: 1, count: 1 };
}
