import { instantsOf } from "./workload.ts";
import type { QueueCase, QueuedCase, ScheduleCase } from "./workload.ts";
import type { Report, Seen } from "./recorder.ts";

/** Compares what was observed with the model: each instant once, each queued execution once, no rate exceeded. */

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

/** How an execution ended, as Restate has it. */
export interface End {
  readonly workflow: string;
  readonly outcome: "running" | "succeeded" | "cancelled" | "killed" | "skipped" | "failed";
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

/** Each queued execution runs once, alone or in a batch, unless it was cancelled or killed on purpose. */
export function judgeQueued(
  queued: QueuedCase,
  {
    end,
    executionId,
    seen,
  }: { readonly end: End | undefined; readonly executionId: string; readonly seen: Seen },
): Verdict {
  const { name, workflow, fate } = queued;
  const by = seen.get(name);
  const twice = severalOf([name], seen);
  const outcome = end?.outcome ?? "missing in Restate";
  const isBatched = workflow === "queue-batched";
  const allowed: readonly string[] = ["succeeded", ...(isBatched ? ["skipped"] : []), fate];
  if (!allowed.includes(outcome)) return { lost: [`${name} (${executionId}) is ${outcome}`], twice };
  const hasRun = by !== undefined && (isBatched || by.has(executionId));
  const mustRun = outcome === "succeeded" || outcome === "skipped";
  return {
    lost: mustRun && !hasRun ? [`${name} (${executionId}) ended as ${outcome} and did not run`] : [],
    twice,
  };
}

function severalOf(names: readonly string[], seen: Seen): string[] {
  return names.flatMap((name) => {
    const by = seen.get(name);
    return by === undefined || by.size < 2 ? [] : [`${name} ran as ${[...by].join(" and ")}`];
  });
}

/** In any time, no more than `burst` executions start, and one for each interval of it. */
export function judgeRate({ workflow, flow }: QueueCase, reports: Iterable<Report>): readonly string[] {
  const { rateLimit } = flow;
  if (rateLimit === undefined) return [];
  const { limit, burst = 1 } = rateLimit;
  const intervalMs = 1_000 / limit;
  const starts = [...reports]
    .filter((report) => report.workflow === workflow)
    .map(({ startedAt }) => startedAt);
  // The first of the starts that limits the later ones most.
  let latest = -Infinity;
  return starts
    .toSorted((one, other) => one - other)
    .flatMap((at, index) => {
      const slackMs = at - index * intervalMs;
      latest = Math.max(latest, slackMs);
      const tooEarlyMs = latest - slackMs - (burst - 1) * intervalMs;
      return tooEarlyMs > 1 ? [`${workflow}: start ${index} is ${Math.round(tooEarlyMs)} ms too early`] : [];
    });
}
