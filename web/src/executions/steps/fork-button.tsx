import type { Execution } from "#client";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import type { TimelineStep } from "../../components/step.ts";
import { useRefusal } from "../../session/session.tsx";
import { ForkDialog } from "../forks/fork-dialog.tsx";

/** Forks the execution from a step. */
export function ForkButton({
  execution,
  step,
}: {
  readonly execution: Execution;
  readonly step: TimelineStep;
}) {
  const [isAsked, setAsked] = useState(false);
  const refusal = useRefusal("executions:manage", execution.workflowId);
  return (
    <>
      <Button size="small" icon="fork" refusal={refusal} onClick={() => setAsked(true)}>
        Fork from here…
      </Button>
      {isAsked ? <ForkDialog execution={execution} fromStep={step} onClose={() => setAsked(false)} /> : null}
    </>
  );
}
