import type { CSSProperties } from "react";
import { formatDuration } from "../time/duration.ts";
import { formatClock } from "../time/moment.tsx";
import type { TimeScale } from "../time/time-scale.ts";
import { StepDetails } from "./step-details.tsx";
import { httpStatusOf, isWaiting, outcomeText, spanOf, subjectOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";

/** One step with its start and duration. */
export function TimelineRow({
  id,
  executionId,
  step,
  scale,
  begin,
  now,
  hasEnded,
  isOpen,
  onToggle,
}: {
  readonly id: string;
  readonly executionId: string | undefined;
  readonly step: TimelineStep;
  readonly scale: TimeScale;
  readonly begin: number;
  readonly now: number;
  readonly hasEnded: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  const { from, to } = spanOf(step, now);
  return (
    <li className="timeline-item" data-open={isOpen || undefined}>
      <button
        type="button"
        className="timeline-row"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onToggle}
      >
        <span className="timeline-label">
          <span className="timeline-operation" data-operation={step.operation}>
            {step.operation}
          </span>
          <Subject step={step} />
        </span>
        <span className="timeline-track">
          <Bar step={step} scale={scale} from={from} to={to} hasEnded={hasEnded} />
        </span>
        <span className="timeline-took">
          <span className="visually-hidden">
            {outcomeText(step, hasEnded)}, started after {formatDuration(from - begin)}, took{" "}
          </span>
          {tookText(step, { hasEnded, durationMs: to - from })}
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen ? (
          <StepDetails executionId={executionId} step={step} begin={begin} now={now} hasEnded={hasEnded} />
        ) : null}
      </div>
    </li>
  );
}

/** What the step still waits for, or its duration. */
function tookText(
  { outcome, wakesAt, waitsForHost }: TimelineStep,
  { hasEnded, durationMs }: { readonly hasEnded: boolean; readonly durationMs: number },
): string {
  const waits = outcome === "pending" && !hasEnded;
  if (waits && wakesAt !== undefined) return `until ${formatClock(wakesAt)}`;
  if (waits && waitsForHost !== undefined) return `waits for ${waitsForHost}`;
  return formatDuration(durationMs);
}

/** A long URL is cut at its start, because its end is more specific. */
function Subject({ step }: { readonly step: TimelineStep }) {
  const subject = subjectOf(step);
  const [, method, address] = /^([A-Z]+) https?:\/\/(.*)$/.exec(subject) ?? [];
  if (address === undefined) {
    return (
      <span className="timeline-subject" title={step.name}>
        {subject === step.operation ? "" : subject}
      </span>
    );
  }
  return (
    <>
      <span className="timeline-method">{method}</span>
      <span className="timeline-subject" data-cut="start" title={step.name}>
        <bdi dir="ltr">{address}</bdi>
      </span>
    </>
  );
}

function Bar({
  step,
  scale,
  from,
  to,
  hasEnded,
}: {
  readonly step: TimelineStep;
  readonly scale: TimeScale;
  readonly from: number;
  readonly to: number;
  readonly hasEnded: boolean;
}) {
  const [start, end] = [scale.at(from), scale.at(to)];
  const place = { "--from": start, "--to": end } as CSSProperties;
  const status = httpStatusOf(step);
  return (
    <>
      <span
        className="timeline-bar"
        data-outcome={
          step.outcome === "abandoned" || (step.outcome === "pending" && hasEnded) ? "left" : step.outcome
        }
        data-waiting={isWaiting(step) || undefined}
        data-refused={(status ?? 0) >= 400 || undefined}
        data-reused={step.reused}
        style={place}
      />
      <span className="timeline-notes" data-side={end > 0.72 ? "before" : "after"} style={place}>
        {step.reused === true ? <span className="timeline-note">reused</span> : null}
        {step.attempts === undefined ? null : <span className="timeline-note">×{step.attempts}</span>}
        {status === undefined ? null : (
          <span className="timeline-note" data-bad={status >= 400 || undefined}>
            {status}
          </span>
        )}
        {step.outcome === "failed" ? (
          <span className="timeline-note" data-bad>
            {step.error?.name ?? "failed"}
          </span>
        ) : null}
      </span>
    </>
  );
}
