import type { PreviewSession, PreviewState } from "#preview/contract/preview.ts";
import { Button } from "../../components/button.tsx";
import { formatDuration } from "#base/duration-text.ts";
import { Moment } from "../../time/moment.tsx";

/** The time of the preview's clock, with buttons to advance a manual one. */
export function ClockControls({
  state: { now, nextWakeAt, status },
  session,
  byHand,
}: {
  readonly state: PreviewState;
  readonly session: PreviewSession;
  readonly byHand: boolean;
}) {
  const isOver = status !== "running" && status !== "waiting";
  return (
    <div className="clock" role="group" aria-label="Clock">
      <span className="clock-now">
        <span className="visually-hidden">Clock: </span>
        <Moment at={now} />
      </span>
      {byHand && !isOver ? (
        <>
          {nextWakeAt === undefined ? null : (
            <Button size="small" onClick={() => session.advanceToNext()}>
              Skip to next (in {formatDuration(Date.parse(nextWakeAt) - Date.parse(now))})
            </Button>
          )}
          {steps.map(([label, milliseconds]) => (
            <Button key={label} size="small" kind="quiet" onClick={() => session.advance(milliseconds)}>
              {label}
            </Button>
          ))}
        </>
      ) : null}
    </div>
  );
}

const steps = [
  ["+1 min", 60_000],
  ["+1 h", 3_600_000],
  ["+1 day", 86_400_000],
] as const;
