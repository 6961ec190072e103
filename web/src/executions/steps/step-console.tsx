import type { LogLine } from "#client";
import { Line } from "../../components/logs.tsx";
import type { TimelineStep } from "../../components/step.ts";
import type { Stepping } from "./stepping.ts";

/** Console lines before a step, and a few after it. */
const before = 100;
const after = 5;

/** The console up to a step, and the first lines after it. */
export function StepConsole({
  lines,
  step,
  stepping,
}: {
  readonly lines: readonly LogLine[];
  readonly step: TimelineStep;
  readonly stepping: Stepping | undefined;
}) {
  const place = placeOf(lines, step, stepping);
  const shown = lines.slice(Math.max(0, place - before), place + after);
  if (shown.length === 0) return null;
  return (
    <section className="step-console" aria-label="Console around the step">
      <h3>Console</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className="logs-lines" tabIndex={0} role="group" aria-label="Console lines">
        {lines.slice(Math.max(0, place - before), place).map((line) => (
          <Line key={line.number} line={line} />
        ))}
        <div key={`${step.index} ${place}`} ref={scrollTo} className="step-console-here">
          {step.name}
        </div>
        {lines.slice(place, place + after).map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </div>
    </section>
  );
}

/** Scrolls the area of an element, and not the page, to it. */
function scrollTo(element: HTMLElement | null): void {
  const box = element?.parentElement;
  if (element === null || box === null || box === undefined) return;
  box.scrollTop = element.offsetTop - box.clientHeight * 0.7;
}

/** The number of lines that were written when the workflow waited for the step, or before it if that is not known. */
function placeOf(lines: readonly LogLine[], step: TimelineStep, stepping: Stepping | undefined): number {
  const turn = stepping?.callOf(step)?.turn;
  const startedAt = step.startedAt === undefined ? Infinity : Date.parse(step.startedAt);
  const isAfter = (line: LogLine) => {
    const lineTurn = stepping?.turnOfLine(line.number);
    return turn === undefined || lineTurn === undefined ? Date.parse(line.time) > startedAt : lineTurn > turn;
  };
  const place = lines.findIndex(isAfter);
  return place < 0 ? lines.length : place;
}
