import { useId, useMemo, useState } from "react";
import { formatDuration } from "../time/duration.ts";
import { createTimeScale } from "../time/time-scale.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { Empty } from "./page.tsx";
import { isWaiting, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { TimelineRow } from "./timeline-row.tsx";
import { TimelineTable } from "./timeline-table.tsx";
import "./timeline.css";

/** More of them are shown when somebody asks for them. */
const shownAtFirst = 100;

/**
 * The operations of an execution on an axis of time: those side by side ran side by side. Each opens to what came of it.
 *
 * @param now until when what has not ended lasts, in milliseconds since the Unix epoch: when it was first shown, unless given
 * @param begin where the axis begins, where that is before the first step
 * @param hasEnded whether nothing is waited for any more
 */
export function Timeline({
  steps,
  now: givenNow,
  begin: given,
  hasEnded = false,
}: {
  readonly steps: readonly TimelineStep[];
  readonly now?: number;
  readonly begin?: number;
  readonly hasEnded?: boolean;
}) {
  const [shownAt] = useState(Date.now);
  const now = givenNow ?? shownAt;
  const [isTable, setTable] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [shown, setShown] = useState(shownAtFirst);
  const id = useId();
  const { begin, scale } = useMemo(() => scaleOf(steps, now, given), [steps, now, given]);
  if (steps.length === 0) {
    return (
      <Empty title="No operations yet">
        What the workflow asks of its host is shown here: fetches, sleeps, waits, calls.
      </Empty>
    );
  }
  const toggle = (index: number) => setOpen(new Set(open).symmetricDifference(new Set([index])));
  return (
    <div className="timeline">
      <div className="timeline-switch" role="group" aria-label="Show the timeline as">
        <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
          Chart
        </button>
        <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
          Table
        </button>
      </div>
      {isTable ? (
        <TimelineTable steps={steps.slice(0, shown)} begin={begin} now={now} hasEnded={hasEnded} />
      ) : (
        <>
          <Axis scale={scale} />
          <ol className="timeline-rows">
            {steps.slice(0, shown).map((step) => (
              <TimelineRow
                key={step.index}
                id={`${id}-${step.index}`}
                step={step}
                scale={scale}
                begin={begin}
                now={now}
                hasEnded={hasEnded}
                isOpen={open.has(step.index)}
                onToggle={() => toggle(step.index)}
              />
            ))}
          </ol>
        </>
      )}
      {steps.length > shown ? (
        <button type="button" className="button timeline-more" onClick={() => setShown(shown + 1_000)}>
          Show more of {steps.length.toLocaleString("en")} operations
        </button>
      ) : null}
    </div>
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
        {scale.ticks.map(({ at, ms }) => (
          <span key={ms} className="timeline-tick" style={{ insetInlineStart: `${at * 100}%` }}>
            {ms === 0 ? "0" : formatDuration(ms)}
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
