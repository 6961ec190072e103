import cronstrue from "cronstrue";
import { durationText } from "../time/iso-duration.ts";
import type { ScheduleSpec } from "./schedule.ts";

/** When a schedule runs, in words; one line for each source of instants. */
export function specLines({ cron = [], every, offset, at = [] }: ScheduleSpec): readonly string[] {
  return [
    ...cron.map(cronText),
    ...(every === undefined
      ? []
      : [`Every ${durationText(every).replace(/^1 (\w+)$/, "$1")}${offsetText(offset)}`]),
    ...(at.length === 0 ? [] : [at.length === 1 ? "Once" : `${at.length} times`]),
  ];
}

/** The same on one line. */
export function specText(spec: ScheduleSpec): string {
  return specLines(spec).join("; ");
}

/** A pattern in words, or the pattern itself if it cannot be described. */
function cronText(pattern: string): string {
  try {
    return cronstrue.toString(expanded(pattern), { use24HourTimeFormat: true, verbose: false });
  } catch {
    return pattern;
  }
}

/** The library does not know the nicknames. */
function expanded(pattern: string): string {
  return nicknames[pattern.trim().toLowerCase()] ?? pattern;
}

const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

function offsetText(offset: string | undefined): string {
  return offset === undefined ? "" : `, offset by ${durationText(offset)}`;
}
