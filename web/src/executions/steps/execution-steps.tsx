import type { Execution } from "#client";
import { isFinal } from "#domain/execution.ts";
import { Section } from "../../components/page.tsx";
import { Timeline } from "../../components/timeline.tsx";
import type { StepSelection } from "../../components/timeline-row.tsx";
import { useNow } from "../../time/now.ts";
import type { FollowedLines } from "../log-lines.ts";
import { ForkButton } from "./fork-button.tsx";
import { StepPane } from "./step-pane.tsx";
import { useSelectedStep } from "./use-selected-step.ts";
import { useStepping } from "./use-stepping.ts";
import { WhatIfLink } from "./what-if-link.tsx";
import "./execution-steps.css";

/** The timeline of an execution, and beside it the selected step. */
export function ExecutionSteps({
  execution,
  lines,
}: {
  readonly execution: Execution;
  readonly lines: FollowedLines["lines"];
}) {
  const { executionId, status, completedAt, createdAt, steps } = execution;
  const hasEnded = isFinal(status);
  const hasFailed = status === "failed";
  const ticking = useNow(!hasEnded, 500);
  const now = hasEnded ? Date.parse(completedAt ?? execution.modifiedAt) : ticking;
  const state = useStepping(execution);
  const { step, ...selected } = useSelectedStep(executionId, steps, { hasEnded, hasFailed });
  const selection: StepSelection = {
    ...selected,
    placeOf: (each) => {
      const site = state.stepping?.stackOf(each)[0];
      return site === undefined ? undefined : `${site.file}:${site.line}`;
    },
  };
  return (
    <Section title="Timeline">
      <div className="execution-panes" data-single={step === undefined || undefined}>
        <div className="card execution-timeline" data-scrolls>
          <Timeline
            executionId={executionId}
            steps={steps}
            now={now}
            begin={Date.parse(createdAt)}
            hasEnded={hasEnded}
            hasFailed={hasFailed}
            selection={selection}
          />
        </div>
        {step === undefined ? null : (
          <div className="card execution-step">
            <StepPane
              execution={execution}
              step={step}
              state={state}
              lines={lines}
              selection={selection}
              now={now}
              hasEnded={hasEnded}
              actions={
                hasEnded ? (
                  <>
                    <WhatIfLink execution={execution} step={step} stepping={state.stepping} />
                    <ForkButton execution={execution} step={step} />
                  </>
                ) : null
              }
            />
          </div>
        )}
      </div>
    </Section>
  );
}
