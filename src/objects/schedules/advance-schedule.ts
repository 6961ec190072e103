import { parseDuration } from "../../base/duration.ts";
import type { ScheduleProgress } from "../../domain/automation/schedule-state.ts";
import type { OverlapPolicy } from "../../domain/automation/schedule.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { RunEnd } from "../../domain/automation/schedule-inputs.ts";
import { findAllDue } from "../../schedules/due-instants.ts";
import { decideOverlap } from "../../schedules/overlap.ts";
import { createRecurrence } from "../../schedules/recurrence.ts";
import { maxRunningRuns } from "./limits.ts";
import type { Context, Schedule, ScheduleObjectOptions } from "./schedule-context.ts";
import { cancelRuns, startRun, withRun } from "./start-run.ts";

/**
 * Deals with the instants of a schedule that have passed, and with the ends of its runs.
 *
 * What depends on the clock, on the time zone data of this release or on Restate's SQL is read in journaled steps, so that
 * an attempt after a crash makes the same decisions.
 */

/** Catches up on instants of this age by default. */
const defaultCatchUp = "PT1H";

export interface Advanced {
  readonly schedule: Schedule;
  /** True if more instants have passed than one look deals with. */
  readonly hasMore: boolean;
}

/** @returns undefined if the workflow of the schedule was deleted */
export async function advance(
  ctx: Context,
  schedule: Schedule,
  options: ScheduleObjectOptions,
): Promise<Advanced | undefined> {
  const { definition, progress } = schedule;
  const look = await ctx.run("due", async () => {
    if (!(await options.hasWorkflow(definition.workflowId as WorkflowId))) return null;
    const now = options.now();
    if (schedule.paused !== undefined || progress.remaining === 0)
      return { now, instants: [], missed: 0, last: Math.max(progress.last, now), hasMore: false };
    const catchUpMs = parseDuration(definition.catchUp ?? defaultCatchUp);
    const recurrence = createRecurrence(definition.spec);
    return { now, ...(await findAllDue(recurrence, { last: progress.last, now, catchUpMs })) };
  });
  if (look === null) return undefined;
  const { instants, missed, last, hasMore, now } = look;
  const counted = { ...progress, last, missed: progress.missed + missed };
  const current = await settleEnded(ctx, { ...schedule, progress: counted }, options, now);
  // Its runs may have failed too often in the meantime.
  const toRun = current.paused === undefined ? instants : [];
  const run = { instants: toRun, now, policy: definition.overlap ?? "skip", reason: "schedule" } as const;
  return { schedule: await runInstants(ctx, current, run), hasMore };
}

export interface InstantsToRun {
  readonly instants: readonly number[];
  readonly policy: OverlapPolicy;
  readonly reason: "schedule" | "backfill";
  readonly now: number;
}

/** Starts, buffers or skips the instants. */
export async function runInstants(
  ctx: Context,
  schedule: Schedule,
  { instants, policy, reason, now }: InstantsToRun,
): Promise<Schedule> {
  const { progress } = schedule;
  const buffered = progress.buffered.map(({ scheduledAt }) => scheduledAt);
  const decision = decideOverlap(policy, instants.slice(0, progress.remaining), {
    running: progress.running.length,
    buffered,
    maxRunning: maxRunningRuns,
  });
  if (decision.cancelsRunning) cancelRuns(ctx, schedule);
  const reasons = new Map(progress.buffered.map((run) => [run.scheduledAt, run.reason]));
  let current = {
    ...schedule,
    progress: withDecision(progress, decision, (at) => reasons.get(at) ?? reason),
  };
  for (const scheduledAt of decision.start) {
    current = await startRun(ctx, current, { scheduledAt, reason, now });
  }
  return current;
}

type ReasonOf = (at: number) => "schedule" | "backfill" | "trigger";

/** Records what does not start now, and uses up the remaining runs. */
function withDecision(
  progress: ScheduleProgress,
  { start, buffered, skipped }: ReturnType<typeof decideOverlap>,
  reasonOf: ReasonOf,
): ScheduleProgress {
  let next = progress;
  for (const scheduledAt of skipped) {
    next = withRun(next, { scheduledAt, reason: reasonOf(scheduledAt), outcome: "skipped" });
  }
  const known = new Set(progress.buffered.map((run) => run.scheduledAt));
  for (const scheduledAt of buffered.filter((at) => !known.has(at))) {
    next = withRun(next, { scheduledAt, reason: reasonOf(scheduledAt), outcome: "buffered" });
  }
  const used = start.length + buffered.length - progress.buffered.length;
  return {
    ...next,
    skipped: progress.skipped + skipped.length,
    buffered: buffered.map((scheduledAt) => ({ scheduledAt, reason: reasonOf(scheduledAt) })),
    ...(progress.remaining === undefined ? {} : { remaining: Math.max(0, progress.remaining - used) }),
  };
}

/** Restate's SQL shows a new invocation after a moment. Until then a run is not missing but young. */
const youngMs = 60_000;

/** Forgets the runs that have ended, if there are too many to start another one. */
export async function makeRoom(
  ctx: Context,
  schedule: Schedule,
  options: ScheduleObjectOptions,
  now: number,
): Promise<Schedule> {
  if (schedule.progress.running.length < maxRunningRuns) return schedule;
  return await settleEnded(ctx, schedule, options, now);
}

/** Asks Restate which of the runs have ended, and starts what waits for them. */
async function settleEnded(
  ctx: Context,
  schedule: Schedule,
  options: ScheduleObjectOptions,
  now: number,
): Promise<Schedule> {
  const { running } = schedule.progress;
  if (running.length === 0) return await startBuffered(ctx, schedule, now);
  const ends = await ctx.run("ends", async () => {
    const found = await options.readEnds(running.map(({ executionId }) => executionId));
    return running.flatMap(({ executionId, startedAt }) => {
      const end = found.get(executionId) ?? (now - startedAt < youngMs ? "running" : "unknown");
      return end === "running" ? [] : [{ executionId, end }];
    });
  });
  return await startBuffered(ctx, withEnds(schedule, ends, now), now);
}

/** Removes ended runs. Too many failures in a row pause the schedule. */
export function withEnds(
  schedule: Schedule,
  ends: readonly { readonly executionId: string; readonly end: RunEnd }[],
  now: number,
): Schedule {
  const { definition, progress } = schedule;
  const known = ends.filter(({ executionId }) =>
    progress.running.some((run) => run.executionId === executionId),
  );
  let { failuresInRow } = progress;
  for (const { end } of known) {
    if (end === "failed") failuresInRow += 1;
    if (end === "completed") failuresInRow = 0;
  }
  const ended = new Set(known.map(({ executionId }) => executionId));
  const running = progress.running.filter(({ executionId }) => !ended.has(executionId));
  const next = { ...schedule, progress: { ...progress, running, failuresInRow } };
  const { pauseOnFailure } = definition;
  if (pauseOnFailure === undefined || failuresInRow < pauseOnFailure || schedule.paused !== undefined)
    return next;
  const note = `${failuresInRow} ${failuresInRow === 1 ? "failure" : "failures"} in a row`;
  return { ...next, paused: { at: now, by: "pauseOnFailure", note } };
}

/** Starts the oldest buffered run once nothing runs. */
export async function startBuffered(ctx: Context, schedule: Schedule, now: number): Promise<Schedule> {
  const { progress, paused } = schedule;
  const [first, ...rest] = progress.buffered;
  if (first === undefined || progress.running.length > 0 || paused !== undefined) return schedule;
  return await startRun(ctx, { ...schedule, progress: { ...progress, buffered: rest } }, { ...first, now });
}
