import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { isBad } from "../../components/step.ts";
import type { TimelineStep } from "../../components/step.ts";
import type { StepSelection } from "../../components/timeline-row.tsx";

/** The selected step, which is part of the address: `?step=12`, as the page and the command line number steps, from 1. */
export function useSelectedStep(
  executionId: string,
  steps: readonly TimelineStep[],
  status: { readonly hasEnded: boolean; readonly hasFailed: boolean },
): Omit<StepSelection, "placeOf"> & { readonly step: TimelineStep | undefined } {
  const search = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const asked = Number(search.get("step") ?? Number.NaN);
  const step = steps[asked - 1] ?? stepOfInterest(steps, status);
  const numbers = useMemo(() => new Map(steps.map(({ index }, place) => [index, place + 1])), [steps]);
  const hrefOf = ({ index }: TimelineStep) => `/executions/${executionId}?step=${numbers.get(index) ?? 1}`;
  return {
    step,
    selected: step?.index,
    hrefOf,
    select: (next, { replace = false } = {}) => {
      if (numbers.get(next.index) !== asked) navigate(hrefOf(next), { replace });
    },
  };
}

/** The step that failed, or that the execution waits for, or the first one. */
function stepOfInterest(
  steps: readonly TimelineStep[],
  { hasEnded, hasFailed }: { readonly hasEnded: boolean; readonly hasFailed: boolean },
): TimelineStep | undefined {
  const failed = hasFailed ? steps.findLast(isBad) : undefined;
  const waiting = hasEnded ? undefined : steps.findLast(({ outcome }) => outcome === "pending");
  return failed ?? waiting ?? (hasFailed || !hasEnded ? steps.at(-1) : steps[0]);
}
