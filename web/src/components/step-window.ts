import { useState } from "react";
import { isBad } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** How many of many steps are shown at first, and how many more on each request. */
const shownAtFirst = 100;
const shownMore = 1_000;
/** How many steps are shown before the one that a window opens at. */
const leadingSteps = 10;

export interface StepFilter {
  readonly text: string;
  readonly onlyBad: boolean;
}

export interface StepWindow {
  readonly shown: readonly TimelineStep[];
  /** How many there are before and after those shown. */
  readonly before: number;
  readonly after: number;
  readonly showBefore: () => void;
  readonly showAfter: () => void;
  /** Shows a step with those around it. */
  readonly openAt: (step: TimelineStep) => void;
  readonly filter: StepFilter;
  readonly setFilter: (filter: StepFilter) => void;
}

/** Which of many steps are shown. @param first the step to open at, if not the first one */
export function useStepWindow(steps: readonly TimelineStep[], first: TimelineStep | undefined): StepWindow {
  const rangeAt = (step: TimelineStep | undefined) => {
    const from = Math.max(0, (step === undefined ? 0 : steps.indexOf(step)) - leadingSteps);
    return { from, to: from + shownAtFirst };
  };
  const [range, setRange] = useState(() => rangeAt(first));
  const [filter, setFilter] = useState(noFilter);
  const matching = steps.filter((step) => isMatch(step, filter));
  return {
    shown: matching.slice(range.from, range.to),
    before: Math.min(range.from, matching.length),
    after: Math.max(0, matching.length - range.to),
    showBefore: () => setRange({ ...range, from: Math.max(0, range.from - shownMore) }),
    showAfter: () => setRange({ ...range, to: range.to + shownMore }),
    openAt: (step) => {
      setFilter(noFilter);
      setRange(rangeAt(step));
    },
    filter,
    setFilter: (next) => {
      setFilter(next);
      setRange({ from: 0, to: shownAtFirst });
    },
  };
}

const noFilter: StepFilter = { text: "", onlyBad: false };

function isMatch(step: TimelineStep, { text, onlyBad }: StepFilter): boolean {
  return (!onlyBad || isBad(step)) && step.name.toLowerCase().includes(text.trim().toLowerCase());
}
