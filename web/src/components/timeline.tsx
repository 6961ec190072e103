import { useId, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { formatDuration } from "../time/duration.ts";
import { createTimeScale, labelledTicks } from "../time/time-scale.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { Empty } from "./page.tsx";
import { isBad, isWaiting, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { isRepeats } from "./repeats.ts";
import { RepeatsRow } from "./repeats-row.tsx";
import { useStepWindow } from "./step-window.ts";
import { TimelineRow } from "./timeline-row.tsx";
import { TimelineTable } from "./timeline-table.tsx";
import { TimelineTools } from "./timeline-tools.tsx";
import "./timeline.css";

/**
 * The operations of an execution on an axis of time: those side by side ran side by side. Each opens to what came of it.
 *
 * @param now until when what has not ended lasts, in milliseconds since the Unix epoch: when it was first shown, unless given
 * @param begin where the axis begins, where that is before the first step
 * @param hasEnded whether nothing is waited for any more
 * @param hasFailed whether it ended in a failure: then the timeline opens at the last step that failed
 */
export function Timeline({
  executionId,
  steps,
  now: givenNow,
  begin: given,
  hasEnded = false,
  hasFailed = false,
}: {
  /** Absent of a preview, which has all that there is. */
  readonly executionId?: string;
  readonly steps: readonly TimelineStep[];
  readonly now?: number;
  readonly begin?: number;
  readonly hasEnded?: boolean;
  readonly hasFailed?: boolean;
}) {
  const [shownAt] = useState(Date.now);
  const now = givenNow ?? shownAt;
  const [isTable, setTable] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const id = useId();
  const failed = hasFailed ? steps.findLast(isBad) : undefined;
  const view = useStepWindow(steps, failed);
  const rows = useRef<HTMLDivElement>(null);
  const { begin, scale } = useMemo(() => scaleOf(steps, now, given), [steps, now, given]);
  if (steps.length === 0) {
    return (
      <Empty title={hasEnded ? "No steps" : "No steps yet"}>
        Fetches, sleeps, waits and calls appear here.
      </Empty>
    );
  }
  const toggle = (index: number) => setOpen(new Set(open).symmetricDifference(new Set([index])));
  const goTo = (step: TimelineStep) => {
    flushSync(() => {
      setTable(false);
      view.openAt(step);
      setOpen(new Set(open).add(step.index));
    });
    rows.current?.querySelector<HTMLElement>(`[aria-controls="${id}-${step.index}"]`)?.focus();
  };
  return (
    <div className="timeline" ref={rows}>
      <TimelineTools
        numberOfSteps={steps.length}
        filter={view.filter}
        onFilter={view.setFilter}
        isTable={isTable}
        onTable={setTable}
        onGoToFailed={failed === undefined ? undefined : () => goTo(failed)}
      />
      {view.before === 0 ? null : (
        <MoreButton onClick={view.showBefore}>Show earlier ({view.before.toLocaleString("en")})</MoreButton>
      )}
      {view.shown.length === 0 ? <p className="soft">No matching steps</p> : null}
      {isTable ? (
        <TimelineTable view={view} begin={begin} now={now} hasEnded={hasEnded} />
      ) : (
        <>
          <Axis scale={scale} />
          <ol className="timeline-rows">
            {view.shown.map((line) =>
              isRepeats(line) ? (
                <RepeatsRow
                  key={`repeats-${line.id}`}
                  repeats={line}
                  scale={scale}
                  begin={begin}
                  now={now}
                  isExpanded={view.isExpanded(line)}
                  onToggle={() => view.toggle(line)}
                />
              ) : (
                <TimelineRow
                  key={line.index}
                  id={`${id}-${line.index}`}
                  executionId={executionId}
                  step={line}
                  scale={scale}
                  begin={begin}
                  now={now}
                  hasEnded={hasEnded}
                  isOpen={open.has(line.index)}
                  onToggle={() => toggle(line.index)}
                />
              ),
            )}
          </ol>
        </>
      )}
      {view.after === 0 ? null : (
        <MoreButton onClick={view.showAfter}>
          Show more ({steps.length.toLocaleString("en")} steps)
        </MoreButton>
      )}
    </div>
  );
}

function MoreButton({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className="button timeline-more" onClick={onClick}>
      {children}
    </button>
  );
}

function scaleOf(steps: readonly TimelineStep[], now: number, given: number | undefined) {
  const spans = steps.map((step) => ({ ...spanOf(step, now), isWaiting: isWaiting(step) }));
  const begin = spans.reduce((first, { from }) => Math.min(first, from), given ?? Infinity);
  const end = spans.reduce((last, { to }) => Math.max(last, to), begin);
  return { begin, scale: createTimeScale(spans, begin, end) };
}

/** Those who hear the page learn the times from the rows. */
function Axis({ scale }: { readonly scale: TimeScale }) {
  return (
    <div className="timeline-axis" aria-hidden>
      <div className="timeline-track">
        {labelledTicks(scale.ticks).map(({ at, label }) => (
          <span key={label} className="timeline-tick" style={{ insetInlineStart: `${at * 100}%` }}>
            {label}
          </span>
        ))}
        {scale.breaks.map(({ from, to, ms }) => (
          <span
            key={from}
            className="timeline-break"
            style={{ insetInlineStart: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          >
            <span>{formatDuration(ms)}</span>
          </span>
        ))}
      </div>
    </div>
  );
}
