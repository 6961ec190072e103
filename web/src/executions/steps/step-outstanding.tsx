import { Link } from "wouter";
import type { TimelineStep } from "../../components/step.ts";
import type { StepSelection } from "../../components/timeline-row.tsx";
import { count } from "../../model/plural.ts";

/** Further ones are only counted. */
const maxNamed = 5;

/** The other steps that had no result yet when a step was made. */
export function StepOutstanding({
  steps,
  selection: { hrefOf },
}: {
  readonly steps: readonly TimelineStep[];
  readonly selection: Pick<StepSelection, "hrefOf">;
}) {
  if (steps.length === 0) return null;
  return (
    <section className="step-outstanding" aria-label="Outstanding">
      <h3>{count(steps.length, "other step")} outstanding</h3>
      <ul>
        {steps.slice(0, maxNamed).map((step) => (
          <li key={step.index} className="truncate">
            <Link href={hrefOf(step)} className="mono">
              {step.name}
            </Link>
          </li>
        ))}
        {steps.length > maxNamed ? <li className="faint">and {steps.length - maxNamed} more</li> : null}
      </ul>
    </section>
  );
}
