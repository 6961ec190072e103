import { formatDuration } from "#base/duration-text.ts";

const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
const day = { month: "short", day: "numeric" } as const;
const milliseconds = { fractionalSecondDigits: 3 } as const;

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** A time in the user's time zone, with the full time as a tooltip. */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={whole.format(new Date(at))} className="nowrap">
      {formatClock(at)}
    </time>
  );
}

/** A relative time up to a day before or after now, then the date. */
export function RelativeTime({ at, now }: { readonly at: string; readonly now: number }) {
  return (
    <time dateTime={at} title={whole.format(new Date(at))} className="nowrap">
      {Math.abs(now - Date.parse(at)) < 86_400_000 ? formatRelative(now - Date.parse(at)) : formatClock(at)}
    </time>
  );
}

/** The time of day, with the date unless it is today, and with the year unless it is the current one. */
export function formatClock(at: string): string {
  return format(new Date(at), clock);
}

/** The same with milliseconds. */
export function formatPreciseClock(at: string): string {
  return format(new Date(at), { ...clock, ...milliseconds });
}

function format(time: Date, timeOfDay: Intl.DateTimeFormatOptions): string {
  const today = new Date();
  const isToday = time.toDateString() === today.toDateString();
  const isThisYear = time.getFullYear() === today.getFullYear();
  const date = isToday ? {} : isThisYear ? day : ({ ...day, year: "numeric" } as const);
  return formatterOf({ ...date, ...timeOfDay }).format(time);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Cached, because creating a formatter is expensive. */
function formatterOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify(options);
  const known = formatters.get(name) ?? new Intl.DateTimeFormat(undefined, options);
  formatters.set(name, known);
  return known;
}

/** How long ago a time was, or in what time it will be if `ms` is negative. */
export function formatRelative(ms: number): string {
  if (ms < -1_000) return `in ${approximately(-ms)}`;
  return ms < 5_000 ? "just now" : `${approximately(ms)} ago`;
}

function approximately(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 10_800_000) return formatDuration(Math.floor(ms / 60_000) * 60_000);
  return formatDuration(Math.floor(ms / 3_600_000) * 3_600_000)
    .split(" ")
    .slice(0, 2)
    .join(" ");
}
