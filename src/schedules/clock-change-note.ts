import { localTimeAt } from "./local-time.ts";
import type { Occurrence } from "./recurrence.ts";

/** Says in words how a clock change affects an occurrence: `02:30 does not exist on 28 March 2027: runs at 03:00`. */
export function clockChangeNote({ at, clockChange }: Occurrence, timeZone = "UTC"): string | undefined {
  if (clockChange === undefined) return undefined;
  const { kind, local } = clockChange;
  const time = timeOf(local);
  const date = dateFormat.format(local);
  return kind === "skipped"
    ? `${time} does not exist on ${date}: runs at ${timeOf(localTimeAt(at, timeZone))}`
    : `${time} occurs twice on ${date}: runs the first time`;
}

const dateFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** The time of day of a local time, with seconds only if there are any. */
function timeOf(local: number): string {
  const text = new Date(local).toISOString().slice(11, 19);
  return text.endsWith(":00") ? text.slice(0, 5) : text;
}
