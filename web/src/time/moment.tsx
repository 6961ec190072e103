import { formatDuration } from "./duration.ts";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const clockWithMs = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const dayAndClockWithMs = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** A time in the zone of whoever reads it; all of it when one points at it. */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={whole.format(new Date(at))} className="nowrap">
      {formatClock(at)}
    </time>
  );
}

/** How long ago something was. */
export function Ago({ at, now }: { readonly at: string; readonly now: number }) {
  return (
    <time dateTime={at} title={whole.format(new Date(at))} className="nowrap">
      {formatAgo(now - Date.parse(at))}
    </time>
  );
}

/** The time of day; with the day where that is not today. */
export function formatClock(at: string): string {
  const time = new Date(at);
  return (isToday(time) ? clock : dayAndClock).format(time);
}

/** The same to the millisecond, for what happens quickly after each other. */
export function formatPreciseClock(at: string): string {
  const time = new Date(at);
  return (isToday(time) ? clockWithMs : dayAndClockWithMs).format(time);
}

function isToday(time: Date): boolean {
  return time.toDateString() === new Date().toDateString();
}

function formatAgo(ms: number): string {
  if (ms < 5_000) return "just now";
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s ago`;
  if (ms < 86_400_000) return `${formatDuration(coarse(ms)).split(" ").slice(0, 2).join(" ")} ago`;
  return `${Math.floor(ms / 86_400_000)} d ago`;
}

function coarse(ms: number): number {
  return ms < 3_600_000 ? Math.floor(ms / 60_000) * 60_000 : Math.floor(ms / 3_600_000) * 3_600_000;
}
