import { memo } from "react";
import type { CSSProperties } from "react";
import { Link } from "wouter";
import { formatDuration } from "#base/duration-text.ts";
import { formatClock } from "../time/moment.tsx";
import type { TimeScale } from "../time/time-scale.ts";
import { StepDetails } from "./step-details.tsx";
import { httpStatusOf, isWaiting, outcomeText, spanOf, subjectOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";

export interface RowProps {
  readonly step: TimelineStep;
  readonly scale: TimeScale;
  readonly begin: number;
  readonly now: number;
  readonly hasEnded: boolean;
}

/** A row whose details are shown below it. */
export function ExpandingRow({
  id,
  executionId,
  isOpen,
  onToggle,
  ...row
}: RowProps & {
  readonly id: string;
  readonly executionId: string | undefined;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  const { step, begin, now, hasEnded } = row;
  return (
    <li className="timeline-item" data-open={isOpen || undefined}>
      <button
        type="button"
        className="timeline-row"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onToggle}
      >
        <RowContent {...row} />
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen ? (
          <StepDetails executionId={executionId} step={step} begin={begin} now={now} hasEnded={hasEnded} />
        ) : null}
      </div>
    </li>
  );
}

/** How a step is selected, and what is known of it elsewhere. */
export interface StepSelection {
  /** The index of the selected step. */
  readonly selected: number | undefined;
  readonly hrefOf: (step: TimelineStep) => string;
  /** @param how whether the address is replaced, as for steps that are only passed on the way */
  readonly select: (step: TimelineStep, how?: { readonly replace?: boolean }) => void;
  /** Where the workflow made the step, such as `workflow.ts:12`. */
  readonly placeOf: (step: TimelineStep) => string | undefined;
}

/** A row that selects its step. Only one row is in the tab order, because the arrow keys move between them. */
export function SelectableRow({
  selection: { selected, hrefOf, select, placeOf },
  isReachable,
  ...row
}: RowProps & { readonly selection: StepSelection; readonly isReachable: boolean }) {
  const { step, hasEnded } = row;
  const isSelected = step.index === selected;
  const isWaited = step.outcome === "pending" && !hasEnded;
  return (
    <li className="timeline-item" data-open={isSelected || undefined}>
      <Link
        href={hrefOf(step)}
        className="timeline-row"
        data-step={step.index}
        aria-current={isSelected}
        tabIndex={isReachable ? 0 : -1}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          select(step);
        }}
      >
        <RowContent {...row} isNarrow place={isWaited ? placeOf(step) : undefined} />
      </Link>
    </li>
  );
}

/** Not rendered again when another step is selected, because there may be a thousand rows. */
const RowContent = memo(function RowContent({
  step,
  scale,
  begin,
  now,
  hasEnded,
  place,
  isNarrow = false,
}: RowProps & { readonly place?: string | undefined; readonly isNarrow?: boolean }) {
  const { from, to } = spanOf(step, now);
  return (
    <>
      <span className="timeline-label">
        <span className="timeline-operation" data-operation={step.operation}>
          {step.operation}
        </span>
        <Subject step={step} />
      </span>
      <span className="timeline-track">
        <Bar step={step} scale={scale} from={from} to={to} hasEnded={hasEnded} />
        {place === undefined ? null : <span className="timeline-place">{place}</span>}
      </span>
      <span className="timeline-took">
        <span className="visually-hidden">
          {outcomeText(step, hasEnded)}, started after {formatDuration(from - begin)}, took{" "}
        </span>
        {isNarrow ? formatDuration(to - from) : tookText(step, { hasEnded, durationMs: to - from })}
      </span>
    </>
  );
});

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
  // A bar that begins at the start of the axis has no space before it.
  const side = end > 0.78 && start > 0.15 ? "before" : "after";
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
      <span className="timeline-notes" data-side={side} style={place}>
        {step.reused === true ? <span className="timeline-note">reused</span> : null}
        {step.source === undefined ? null : <span className="timeline-note">{step.source}</span>}
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
