import { useMemo, useState } from "react";
import { isRepeats, shownWhileCollapsed, withRepeats } from "./repeats.ts";
import type { Repeats, TimelineLine } from "./repeats.ts";
import { isBad } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** How many of many lines are shown at first, and how many more on each request. */
const shownAtFirst = 100;
const shownMore = 1_000;
/** How many lines are shown before the one that a window opens at. */
const leadingLines = 10;

export interface StepFilter {
  readonly text: string;
  readonly onlyBad: boolean;
}

export interface StepWindow {
  /** Steps, and repeats followed by those of their steps that are shown. */
  readonly shown: readonly TimelineLine[];
  /** How many lines there are before and after those shown. */
  readonly before: number;
  readonly after: number;
  readonly showBefore: () => void;
  readonly showAfter: () => void;
  /** Shows a step with those around it. */
  readonly openAt: (step: TimelineStep) => void;
  readonly isExpanded: (repeats: Repeats) => boolean;
  /** Shows all steps of repeats, or only those that failed. */
  readonly toggle: (repeats: Repeats) => void;
  readonly filter: StepFilter;
  readonly setFilter: (filter: StepFilter) => void;
}

/** Which of many steps are shown. @param first the step to open at, if not the first one */
export function useStepWindow(steps: readonly TimelineStep[], first: TimelineStep | undefined): StepWindow {
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  const rangeAt = (step: TimelineStep | undefined) => {
    const line = step === undefined ? 0 : linesOf(steps, noFilter, expanded).indexOf(step);
    const from = Math.max(0, line - leadingLines);
    return { from, to: from + shownAtFirst };
  };
  const [range, setRange] = useState(() => rangeAt(first));
  const [filter, setFilter] = useState(noFilter);
  const lines = useMemo(() => linesOf(steps, filter, expanded), [steps, filter, expanded]);
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

/** Failed steps are never collapsed, so where nothing else is shown there are no repeats. */
function linesOf(
  steps: readonly TimelineStep[],
  filter: StepFilter,
  expanded: ReadonlySet<number>,
): readonly TimelineLine[] {
  const matching = steps.filter((step) => isMatch(step, filter));
  if (filter.onlyBad) return matching;
  return withRepeats(matching).flatMap((line) => {
    if (!isRepeats(line)) return [line];
    return [line, ...(expanded.has(line.id) ? line.steps : shownWhileCollapsed(line))];
  });
}

function isMatch(step: TimelineStep, { text, onlyBad }: StepFilter): boolean {
  return (!onlyBad || isBad(step)) && step.name.toLowerCase().includes(text.trim().toLowerCase());
}
