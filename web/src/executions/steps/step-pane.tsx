import type { Execution, LogLine } from "#client";
import type { ReactNode } from "react";
import { Icon } from "../../components/icon.tsx";
import { StepDetails } from "../../components/step-details.tsx";
import type { TimelineStep } from "../../components/step.ts";
import type { StepSelection } from "../../components/timeline-row.tsx";
import { StepConsole } from "./step-console.tsx";
import { StepOutstanding } from "./step-outstanding.tsx";
import { StepSource } from "./step-source.tsx";
import type { SteppingState } from "./use-stepping.ts";
import "./step-pane.css";

/** The selected step: where it was made, what it asked for and received, and what else happened then. */
export function StepPane({
  execution,
  step,
  state,
  lines,
  selection,
  now,
  hasEnded,
  actions,
}: {
  readonly execution: Execution;
  readonly step: TimelineStep;
  readonly state: SteppingState;
  readonly lines: readonly LogLine[];
  readonly selection: StepSelection;
  readonly now: number;
  readonly hasEnded: boolean;
  readonly actions?: ReactNode;
}) {
  const { executionId, createdAt, steps } = execution;
  const { stepping } = state;
  return (
    <section className="step-pane" aria-label="Selected step">
      <div className="step-head">
        <Stepper steps={steps} step={step} onSelect={(next) => selection.select(next, { replace: true })} />
        <div className="push row">{actions}</div>
      </div>
      <StepDetails
        key={step.index}
        executionId={executionId}
        step={step}
        begin={Date.parse(createdAt)}
        now={now}
        hasEnded={hasEnded}
        asked={stepping?.callOf(step)?.arguments}
      >
        <StepSource
          execution={execution}
          step={step}
          state={state}
          onSelect={(next) => selection.select(next)}
        />
      </StepDetails>
      <div className="step-more">
        <StepOutstanding steps={stepping?.outstandingAt(step) ?? []} selection={selection} />
        <StepConsole lines={lines} step={step} stepping={stepping} />
      </div>
    </section>
  );
}

/** Forward and back through all steps. */
function Stepper({
  steps,
  step,
  onSelect,
}: {
  readonly steps: readonly TimelineStep[];
  readonly step: TimelineStep;
  readonly onSelect: (step: TimelineStep) => void;
}) {
  const place = steps.findIndex(({ index }) => index === step.index);
  const to = (label: string, icon: "left" | "right", next: TimelineStep | undefined) => (
    <button
      type="button"
      className="step-to"
      aria-label={label}
      title={label}
      aria-disabled={next === undefined || undefined}
      onClick={() => next !== undefined && onSelect(next)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="stepper" role="group" aria-label="Step through">
      {to("Previous step", "left", steps[place - 1])}
      <h2>
        Step {(place + 1).toLocaleString("en")} of {steps.length.toLocaleString("en")}
      </h2>
      {to("Next step", "right", steps[place + 1])}
    </div>
  );
}
