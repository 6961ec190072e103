import { zonedText } from "../time/zoned.ts";
import type { NextRun, RecentRun } from "./schedule.ts";
import { stripOf } from "./strip-cells.ts";
import type { StripCell } from "./strip-cells.ts";
import "./strip.css";

/** Past and next runs on a strip of days, hours or minutes. The text beside it says the same. */
export function RunStrip({
  next,
  recent = [],
  timeZone,
  now,
}: {
  readonly next: readonly NextRun[];
  readonly recent?: readonly RecentRun[];
  readonly timeZone: string;
  readonly now: number;
}) {
  const { unit, cells } = stripOf(next, recent, { now, timeZone });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scroll areas must be focusable
    <ol className="strip" data-unit={unit} aria-label={`Runs by ${unit}`} tabIndex={0}>
      {cells.map((cell) => (
        <Cell key={cell.from} cell={cell} timeZone={timeZone} />
      ))}
    </ol>
  );
}

function Cell({
  cell: { label, above, isNow, isUnknown, past, next },
  timeZone,
}: {
  readonly cell: StripCell;
  readonly timeZone: string;
}) {
  const texts = [
    ...past.map(
      ({ scheduledAt, outcome, status }) => `${zonedText(scheduledAt, timeZone)}: ${status ?? outcome}`,
    ),
    ...next.map(({ at }) => zonedText(at, timeZone)),
  ];
  return (
    <li
      className="strip-cell"
      data-now={isNow || undefined}
      data-unknown={isUnknown || undefined}
      title={isUnknown ? "Beyond the next ten runs" : texts.join("\n")}
    >
      {above === undefined ? null : <span className="strip-above">{above}</span>}
      <span className="strip-label">{label}</span>
      <span className="strip-marks" aria-hidden>
        {past.slice(-maxMarks).map(({ scheduledAt, outcome, status }) => (
          <span key={scheduledAt} className="strip-mark" data-status={status ?? outcome} />
        ))}
        {next.slice(0, maxMarks).map(({ at }) => (
          <span key={at} className="strip-mark" data-status="next" />
        ))}
      </span>
      <span className="visually-hidden">{spoken(past.length, next.length)}</span>
    </li>
  );
}

const maxMarks = 5;

function spoken(past: number, next: number): string {
  return (
    [past === 0 ? "" : `${past} past`, next === 0 ? "" : `${next} next`].filter(Boolean).join(", ") || "none"
  );
}
