import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { flushSync } from "react-dom";
import { formatDuration } from "#base/duration-text.ts";
import { createTimeScale, labelledTicks } from "../time/time-scale.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { Empty } from "./page.tsx";
import { isBad, isWaiting, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { isRepeats } from "./repeats.ts";
import { RepeatsRow } from "./repeats-row.tsx";
import { useStepWindow } from "./step-window.ts";
import type { StepWindow } from "./step-window.ts";
import { ExpandingRow, SelectableRow } from "./timeline-row.tsx";
import type { StepSelection } from "./timeline-row.tsx";
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
  /** Steps are selected, and their details are shown elsewhere. Without it each step can be expanded. */
  readonly selection?: StepSelection;
}

/** The steps of an execution on a time axis, as a chart or as a table. */
export function Timeline(props: TimelineProps) {
  const { executionId, steps, hasEnded = false, selection } = props;
  const rows = useRef<HTMLDivElement>(null);
  const timeline = useTimeline(props);
  const { view, failed, isTable, begin, now } = timeline;
  useSelectedInView(rows, timeline, props);
  if (steps.length === 0) {
    return (
      <Empty title={hasEnded ? "No steps" : "No steps yet"}>
        Fetches, sleeps, waits and calls appear here.
      </Empty>
    );
  }
  const goTo = (step: TimelineStep) => {
    flushSync(() => timeline.open(step));
    rows.current?.querySelector<HTMLElement>(timeline.rowOf(step))?.focus();
  };
  return (
    <div className="timeline" ref={rows} data-selects={selection === undefined ? undefined : true}>
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
        <TimelineTable view={view} begin={begin} now={now} hasEnded={hasEnded} selection={selection} />
      ) : (
        <TimelineChart
          executionId={executionId}
          steps={steps}
          timeline={timeline}
          hasEnded={hasEnded}
          selection={selection}
        />
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
function useTimeline({ steps, now: givenNow, begin: given, hasFailed = false, selection }: TimelineProps) {
  const [shownAt] = useState(Date.now);
  const now = givenNow ?? shownAt;
  const [isTable, setTable] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const id = useId();
  const failed = hasFailed ? steps.findLast(isBad) : undefined;
  const selected = steps.find(({ index }) => index === selection?.selected);
  const view = useStepWindow(steps, selected ?? failed, selected?.index);
  const { begin, scale } = useMemo(() => scaleOf(steps, now, given), [steps, now, given]);
  return {
    id,
    view,
    failed,
    selected,
    now,
    begin,
    scale,
    isTable,
    setTable,
    rowOf: ({ index }: TimelineStep) =>
      selection === undefined ? `[aria-controls="${id}-${index}"]` : `[data-step="${index}"]`,
    isOpen: ({ index }: TimelineStep) => open.has(index),
    toggle: ({ index }: TimelineStep) => setOpen(new Set(open).symmetricDifference(new Set([index]))),
    /** Selects or expands a step, and shows it in the chart. */
    open(step: TimelineStep) {
      setTable(false);
      view.openAt(step);
      if (selection === undefined) setOpen(new Set(open).add(step.index));
      else selection.select(step);
    },
  };
}

/** Moves the window and the scroll area to a step that was selected elsewhere. */
function useSelectedInView(
  rows: RefObject<HTMLDivElement | null>,
  { view, selected, rowOf }: TimelineState,
  { selection }: TimelineProps,
): void {
  const index = selection?.selected;
  const isHidden =
    selected !== undefined &&
    !view.shown.includes(selected) &&
    view.filter.text === "" &&
    !view.filter.onlyBad;
  useEffect(() => {
    if (isHidden && selected !== undefined) view.openAt(selected);
    // oxlint-disable-next-line react/exhaustive-deps -- only a selection moves the window, not a new step
  }, [index]);
  useEffect(() => {
    const row = selected === undefined ? null : rows.current?.querySelector<HTMLElement>(rowOf(selected));
    const box = rows.current?.closest<HTMLElement>("[data-scrolls]");
    if (row && box) scrollInto(box, row);
    // oxlint-disable-next-line react/exhaustive-deps -- as above
  }, [index, isHidden]);
}

/** Scrolls an area, and not the page, so that a row of it is in view. */
function scrollInto(box: HTMLElement, row: HTMLElement): void {
  const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  const [above, below] = [inner.top - outer.top - inner.height * 2, inner.bottom - outer.bottom];
  if (above < 0) box.scrollTop += above;
  else if (below > 0) box.scrollTop += below + inner.height;
}

function TimelineChart({
  executionId,
  steps: all,
  timeline: { id, view, scale, begin, now, isOpen, toggle },
  hasEnded,
  selection,
}: {
  readonly executionId: string | undefined;
  readonly steps: readonly TimelineStep[];
  readonly timeline: TimelineState;
  readonly hasEnded: boolean;
  readonly selection: StepSelection | undefined;
}) {
  const steps = view.shown.flatMap((line) => (isRepeats(line) ? [] : [line]));
  const reachable = steps.find(({ index }) => index === selection?.selected) ?? steps[0];
  return (
    <>
      <Axis scale={scale} isNarrow={selection !== undefined} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the links in it */}
      <ol
        className="timeline-rows"
        aria-label="Steps"
        onKeyDown={(event) => {
          if (selection !== undefined) moveByKey(event, { steps: all, view, selection });
        }}
      >
        {view.shown.map((line) => {
          if (isRepeats(line)) {
            return (
              <RepeatsRow
                key={`repeats-${line.id}`}
                repeats={line}
                scale={scale}
                begin={begin}
                now={now}
                isExpanded={view.isExpanded(line)}
                onToggle={() => view.toggle(line)}
              />
            );
          }
          const row = { step: line, scale, begin, now, hasEnded };
          return selection === undefined ? (
            <ExpandingRow
              key={line.index}
              id={`${id}-${line.index}`}
              executionId={executionId}
              isOpen={isOpen(line)}
              onToggle={() => toggle(line)}
              {...row}
            />
          ) : (
            <SelectableRow key={line.index} selection={selection} isReachable={line === reachable} {...row} />
          );
        })}
      </ol>
    </>
  );
}

/** The arrow keys move through the rows, and select the steps among them. */
function moveByKey(
  event: KeyboardEvent<HTMLElement>,
  {
    steps,
    view,
    selection,
  }: {
    readonly steps: readonly TimelineStep[];
    readonly view: StepWindow;
    readonly selection: StepSelection;
  },
): void {
  const list = event.currentTarget;
  const rows = () => [...list.querySelectorAll<HTMLElement>(".timeline-row")];
  const at = rows().findIndex((row) => row === document.activeElement);
  const isDown = event.key === "ArrowDown" || event.key === "End";
  const isUp = event.key === "ArrowUp" || event.key === "Home";
  if (at < 0 || (!isDown && !isUp) || event.altKey || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const current = document.activeElement;
  // The window grows as needed.
  if (isDown && view.after > 0 && (event.key === "End" || at === rows().length - 1))
    flushSync(view.showAfter);
  if (isUp && view.before > 0 && (event.key === "Home" || at === 0)) flushSync(view.showBefore);
  const all = rows();
  const place = all.findIndex((row) => row === current);
  const target = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 }[event.key] ?? -1;
  const row = all[target];
  row?.focus();
  const step = steps.find(({ index }) => String(index) === row?.dataset["step"]);
  if (step !== undefined) selection.select(step, { replace: true });
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

/** The parts of a narrow axis that a label takes. A tick without space for its label is left out. */
const labelPart = 0.04;
const characterPart = 0.036;

/** Hidden from screen readers, because the rows contain the times. */
function Axis({ scale, isNarrow }: { readonly scale: TimeScale; readonly isNarrow: boolean }) {
  const ticks = labelledTicks(scale.ticks).filter(
    ({ at, label }) => !isNarrow || at + labelPart + label.length * characterPart <= 1,
  );
  return (
    <div className="timeline-axis" aria-hidden>
      <div className="timeline-track">
        {ticks.map(({ at, label }) => (
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
