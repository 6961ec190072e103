import type { Execution } from "#client";
import { Link } from "wouter";
import type { TimelineStep } from "../../components/step.ts";
import type { Stepping } from "./stepping.ts";

/** Opens the editor on the recording of the execution, with the answer to this step open for a change. */
export function WhatIfLink({
  execution: { executionId, workflowId, version },
  step,
  stepping,
}: {
  readonly execution: Execution;
  readonly step: TimelineStep;
  readonly stepping: Stepping | undefined;
}) {
  const number = stepping?.numberOf(step);
  if (version === undefined || number === undefined || !answered.has(step.operation)) return null;
  return (
    <Link
      className="button"
      data-size="small"
      title="Change the answer to this step in the editor"
      href={`/workflows/${workflowId}/editor?recording=${executionId}&answer=${number}`}
    >
      What if…
    </Link>
  );
}

/** Operations with an answer that can be changed. */
const answered: ReadonlySet<string> = new Set(["fetch", "call"]);
