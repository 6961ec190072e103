import { instantsOf } from "../workload.ts";
import type { ScheduleCase } from "../workload.ts";
import type { Seen } from "../recorder.ts";

/** Compares what was observed of schedules with the model: each instant runs once. */

/** A schedule that exists for certain from `confirmedAt` on. */
export interface WatchedSchedule extends ScheduleCase {
  /** Instants from here on may have run. */
  readonly requestedAt: number;
  /** Instants from here on must have run. */
  readonly confirmedAt: number;
  readonly endAt: number;
  /** The counts of the schedule. */
  readonly missed: number;
  readonly skipped: number;
}

export interface Verdict {
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

function instantName(scheduleId: string, instant: number): string {
  return `${scheduleId}/${new Date(instant).toISOString()}`;
}

/** Every instant runs once. Of a schedule that skips, the instants that did not run are counted as skipped. */
export function judgeSchedule(schedule: WatchedSchedule, seen: Seen): Verdict {
  const { id, requestedAt, confirmedAt, endAt, missed, overlap } = schedule;
  const possible = new Set(instantsOf(schedule, requestedAt, endAt).map((at) => instantName(id, at)));
  const required = instantsOf(schedule, confirmedAt, endAt).map((at) => instantName(id, at));
  const ran = [...seen.keys()].filter((name) => name.startsWith(`${id}/`));
  const counts = { possible: possible.size, required: required.length, ran: ran.length };
  const rest =
    overlap === "skip"
      ? judgeSkipped(schedule, counts)
      : { lost: required.filter((name) => !seen.has(name)).map((name) => `${name} did not run`), twice: [] };
  return {
    lost: [...(missed === 0 ? [] : [`${id}: ${missed} instants were missed`]), ...rest.lost],
    twice: [
      ...ran.filter((name) => !possible.has(name)).map((name) => `${name} ran, and is no instant`),
      ...severalOf(ran, seen),
      ...rest.twice,
    ],
  };
}

/** Which instants are skipped depends on the time that runs take, and on the kills. Their number does not. */
function judgeSkipped(
  { id, skipped }: WatchedSchedule,
  { possible, required, ran }: { readonly possible: number; readonly required: number; readonly ran: number },
): Verdict {
  const counted = [`${id}: ${ran} ran and ${skipped} were skipped of ${required} instants`];
  const isEnough = ran + skipped >= required;
  return { lost: isEnough ? [] : counted, twice: ran + skipped > possible ? counted : [] };
}

/** Names of which several executions are known. */
export function severalOf(names: readonly string[], seen: Seen): string[] {
  return names.flatMap((name) => {
    const by = seen.get(name);
    return by === undefined || by.size < 2 ? [] : [`${name} ran as ${[...by].join(" and ")}`];
  });
}
