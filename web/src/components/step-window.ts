import { useMemo, useState } from "react";
import { isRepeats, shownWhileCollapsed, withRepeats } from "./repeats.ts";
import type { Repeats, TimelineLine } from "./repeats.ts";
import { isBad } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** Number of rows shown initially, and added by "Show more". */
const shownAtFirst = 100;
const shownMore = 1_000;
/** Number of rows shown before the first step of interest. */
const leadingLines = 10;

export interface StepFilter {
  readonly text: string;
  readonly onlyBad: boolean;
}

export interface StepWindow {
  /** Steps, and groups of repeats followed by their visible steps. */
  readonly shown: readonly TimelineLine[];
  /** Number of rows before and after the shown ones. */
  readonly before: number;
  readonly after: number;
  readonly showBefore: () => void;
  readonly showAfter: () => void;
  /** Moves the window to a step. */
  readonly openAt: (step: TimelineStep) => void;
  readonly isExpanded: (repeats: Repeats) => boolean;
  /** Expands or collapses repeats. */
  readonly toggle: (repeats: Repeats) => void;
  readonly filter: StepFilter;
  readonly setFilter: (filter: StepFilter) => void;
}

/**
 * The window of visible steps.
 *
 * @param first the step to open at, if not the first one
 * @param selected the index of a step that is shown although its repeats are collapsed
 */
export function useStepWindow(
  steps: readonly TimelineStep[],
  first: TimelineStep | undefined,
  selected: number | undefined,
): StepWindow {
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  const rangeAt = (step: TimelineStep | undefined) => {
    const line =
      step === undefined
        ? 0
        : linesOf(steps, { filter: noFilter, expanded, selected: step.index }).indexOf(step);
    const from = Math.max(0, line - leadingLines);
    return { from, to: from + shownAtFirst };
  };
  const [range, setRange] = useState(() => rangeAt(first));
  const [filter, setFilter] = useState(noFilter);
  const lines = useMemo(
    () => linesOf(steps, { filter, expanded, selected }),
    [steps, filter, expanded, selected],
  );
  return {
    shown: lines.slice(range.from, range.to),
    before: Math.min(range.from, lines.length),
    after: Math.max(0, lines.length - range.to),
    showBefore: () => setRange({ ...range, from: Math.max(0, range.from - shownMore) }),
    showAfter: () => setRange({ ...range, to: range.to + shownMore }),
    openAt: (step) => {
      setFilter(noFilter);
      setRange(rangeAt(step));
    },
    isExpanded: ({ id }) => expanded.has(id),
    toggle: ({ id }) => setExpanded(expanded.symmetricDifference(new Set([id]))),
    filter,
    setFilter: (next) => {
      setFilter(next);
      setRange({ from: 0, to: shownAtFirst });
    },
  };
}

const noFilter: StepFilter = { text: "", onlyBad: false };

/** Failed steps are never collapsed, so a list of failed steps has no groups. */
function linesOf(
  steps: readonly TimelineStep[],
  {
    filter,
    expanded,
    selected,
  }: {
    readonly filter: StepFilter;
    readonly expanded: ReadonlySet<number>;
    readonly selected: number | undefined;
  },
): readonly TimelineLine[] {
  const matching = steps.filter((step) => isMatch(step, filter));
  if (filter.onlyBad) return matching;
  return withRepeats(matching).flatMap((line) => {
    if (!isRepeats(line)) return [line];
    return [line, ...(expanded.has(line.id) ? line.steps : shownWhileCollapsed(line, selected))];
  });
}

function isMatch(step: TimelineStep, { text, onlyBad }: StepFilter): boolean {
  return (!onlyBad || isBad(step)) && step.name.toLowerCase().includes(text.trim().toLowerCase());
}
