import type { NextRun, RecentRun } from "./schedule.ts";

/** A period of the strip with the runs in it. */
export interface StripCell {
  /** Milliseconds since the Unix epoch. */
  readonly from: number;
  readonly label: string;
  /** The weekday, if the cell is a day. */
  readonly above?: string;
  readonly isNow: boolean;
  readonly past: readonly RecentRun[];
  readonly next: readonly NextRun[];
  /** Whether runs of the cell may be missing, because it is after the last known one. */
  readonly isUnknown: boolean;
}

export interface Strip {
  readonly unit: "day" | "hour" | "minute";
  readonly cells: readonly StripCell[];
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

const cellCount = 14;
const pastCells = 4;

/**
 * The past and next runs on a strip of days, hours or minutes: the unit in which the next runs spread over several cells.
 * Cells are those of the given time zone.
 */
export function stripOf(
  next: readonly NextRun[],
  recent: readonly RecentRun[],
  options: { readonly now: number; readonly timeZone: string },
): Strip {
  const last = Math.max(options.now, ...next.map(({ at }) => Date.parse(at)));
  const unit = unitFor(last - options.now);
  const keyOf = cellKey(unit, options.timeZone);
  const hasPast = recent.length > 0;
  const starts = startsOf(unit, options, hasPast ? pastCells : 0);
  const nowKey = keyOf(options.now);
  const cells = starts.map((from) => {
    const key = keyOf(from);
    return {
      from,
      ...labelsOf(from, unit, options.timeZone),
      isNow: key === nowKey,
      past: recent.filter(({ scheduledAt }) => keyOf(Date.parse(scheduledAt)) === key),
      next: next.filter(({ at }) => keyOf(Date.parse(at)) === key),
      // Ten runs are known. Fewer are all that there are.
      isUnknown: next.length >= knownRuns && from > last && key !== keyOf(last),
    };
  });
  return { unit, cells };
}

const knownRuns = 10;

function unitFor(spanMs: number): Strip["unit"] {
  if (spanMs > 18 * unitMs.hour) return "day";
  return spanMs > 20 * unitMs.minute ? "hour" : "minute";
}

/** Steps of less than the unit, so that days with 23 or 25 hours do not lose or repeat a cell. */
function startsOf(
  unit: Strip["unit"],
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
  past: number,
): readonly number[] {
  const keyOf = cellKey(unit, timeZone);
  const starts = new Map<string, number>();
  const first = now - past * unitMs[unit];
  for (let at = first; starts.size < cellCount; at += unitMs[unit] / 2) {
    if (!starts.has(keyOf(at))) starts.set(keyOf(at), at);
  }
  return [...starts.values()];
}

function cellKey(unit: Strip["unit"], timeZone: string): (at: number) => string {
  const format = formatOf(timeZone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(unit === "day" ? {} : { hour: "2-digit" }),
    ...(unit === "minute" ? { minute: "2-digit" } : {}),
    hourCycle: "h23",
  });
  // The offset tells the two passes of a repeated hour apart.
  const offset = formatOf(timeZone, { timeZoneName: "shortOffset" });
  return (at) => format.format(at) + (unit === "day" ? "" : offset.format(at));
}

function labelsOf(from: number, unit: Strip["unit"], timeZone: string): Pick<StripCell, "label" | "above"> {
  if (unit === "day") {
    return {
      above: formatOf(timeZone, { weekday: "short" }).format(from),
      label: formatOf(timeZone, { day: "numeric" }).format(from),
    };
  }
  const clock = { hour: "2-digit", hourCycle: "h23", minute: "2-digit" } as const;
  const text = formatOf(timeZone, clock).format(from);
  return { label: unit === "hour" ? `${text.slice(0, 2)}h` : text };
}

function formatOf(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en", { timeZone, ...options });
}
