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

export interface TimelineProps {
  /** Absent in a preview, which has the results of all steps. */
  readonly executionId?: string;
  readonly steps: readonly TimelineStep[];
  /** Where pending steps end, in milliseconds since the Unix epoch. Defaults to the time of the first render. */
  readonly now?: number;
  /** Where the axis starts, if before the first step. */
  readonly begin?: number;
  readonly hasEnded?: boolean;
  /** Opens the timeline at the last failed step. */
  readonly hasFailed?: boolean;
}

/** The steps of an execution on a time axis, as a chart or as a table. Each step can be expanded. */
export function Timeline(props: TimelineProps) {
  const { executionId, steps, hasEnded = false } = props;
  const rows = useRef<HTMLDivElement>(null);
  const timeline = useTimeline(props);
  const { id, view, failed, isTable, begin, now } = timeline;
  if (steps.length === 0) {
    return (
      <Empty title={hasEnded ? "No steps" : "No steps yet"}>
        Fetches, sleeps, waits and calls appear here.
      </Empty>
    );
  }
  const goTo = (step: TimelineStep) => {
    flushSync(() => timeline.open(step));
    rows.current?.querySelector<HTMLElement>(`[aria-controls="${id}-${step.index}"]`)?.focus();
  };
  return (
    <div className="timeline" ref={rows}>
      <TimelineTools
        numberOfSteps={steps.length}
        filter={view.filter}
        onFilter={view.setFilter}
        isTable={isTable}
        onTable={timeline.setTable}
        onGoToFailed={failed === undefined ? undefined : () => goTo(failed)}
      />
      {view.before === 0 ? null : (
        <MoreButton onClick={view.showBefore}>Show earlier ({view.before.toLocaleString("en")})</MoreButton>
      )}
      {view.shown.length === 0 ? <p className="soft">No matching steps</p> : null}
      {isTable ? (
        <TimelineTable view={view} begin={begin} now={now} hasEnded={hasEnded} />
      ) : (
        <TimelineChart executionId={executionId} timeline={timeline} hasEnded={hasEnded} />
      )}
      {view.after === 0 ? null : (
        <MoreButton onClick={view.showAfter}>
          Show more ({steps.length.toLocaleString("en")} steps)
        </MoreButton>
      )}
    </div>
  );
}

type TimelineState = ReturnType<typeof useTimeline>;

/** What is shown of a timeline: its scale, the window of steps, and which steps are expanded. */
function useTimeline({ steps, now: givenNow, begin: given, hasFailed = false }: TimelineProps) {
  const [shownAt] = useState(Date.now);
  const now = givenNow ?? shownAt;
  const [isTable, setTable] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const id = useId();
  const failed = hasFailed ? steps.findLast(isBad) : undefined;
  const view = useStepWindow(steps, failed);
  const { begin, scale } = useMemo(() => scaleOf(steps, now, given), [steps, now, given]);
  return {
    id,
    view,
    failed,
    now,
    begin,
    scale,
    isTable,
    setTable,
    isOpen: ({ index }: TimelineStep) => open.has(index),
    toggle: ({ index }: TimelineStep) => setOpen(new Set(open).symmetricDifference(new Set([index]))),
    /** Expands a step and shows it in the chart. */
    open(step: TimelineStep) {
      setTable(false);
      view.openAt(step);
      setOpen(new Set(open).add(step.index));
    },
  };
}

function TimelineChart({
  executionId,
  timeline: { id, view, scale, begin, now, isOpen, toggle },
  hasEnded,
}: {
  readonly executionId: string | undefined;
  readonly timeline: TimelineState;
  readonly hasEnded: boolean;
}) {
  return (
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
              isOpen={isOpen(line)}
              onToggle={() => toggle(line)}
            />
          ),
        )}
      </ol>
    </>
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

/** Hidden from screen readers, because the rows contain the times. */
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
