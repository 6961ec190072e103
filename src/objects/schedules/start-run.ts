import * as restate from "@restatedev/restate-sdk";
import { parseDuration } from "../../base/duration.ts";
import type { RunReason, ScheduleProgress, ScheduleRun } from "../../domain/automation/schedule-state.ts";
import { maxRecentRuns } from "./limits.ts";
import { executionObjectName, workflowObjectName } from "../../journal/object-names.ts";
import { jitterOf } from "../../schedules/jitter.ts";
import { json } from "./schedule-context.ts";
import type { Context, Schedule } from "./schedule-context.ts";

/** A run to start now. */
interface StartedRun {
  readonly scheduledAt: number;
  readonly reason: RunReason;
  readonly now: number;
}

/**
 * Starts an execution for an instant. The idempotency key is that of the schedule and the instant, so no instant runs twice:
 * a second request returns the execution of the first one.
 *
 * @returns the schedule with the run in its progress
 */
export async function startRun(ctx: Context, schedule: Schedule, run: StartedRun): Promise<Schedule> {
  const { definition, progress } = schedule;
  const { entryPoint, version, workflowId } = definition;
  const payload = (await ctx.get("payload")) ?? null;
  const handle = ctx.genericSend({
    service: workflowObjectName,
    key: workflowId,
    method: "execute",
    parameter: {
      ...(entryPoint === undefined ? {} : { entryPoint }),
      ...(version === undefined ? {} : { version }),
      schedule: scheduledRun(ctx.key, run.scheduledAt, progress),
      payload,
    },
    idempotencyKey: runKey(ctx.key, run),
    delay: delayOf(ctx.key, schedule, run),
    inputSerde: json,
  });
  const executionId: string = await handle.invocationId;
  const { scheduledAt, reason, now } = run;
  const recorded = { scheduledAt, reason, outcome: "started", executionId } as const;
  return {
    ...schedule,
    progress: {
      ...withRun(progress, recorded),
      started: progress.started + 1,
      previousAt: Math.max(scheduledAt, progress.previousAt ?? scheduledAt),
      running: [...progress.running, { executionId, scheduledAt, startedAt: now }],
    },
  };
}

/** Adds a run to the latest ones. It replaces the entry that says that the run is buffered. */
export function withRun(progress: ScheduleProgress, run: ScheduleRun): ScheduleProgress {
  const others = progress.recent.filter(
    ({ outcome, scheduledAt }) => outcome !== "buffered" || scheduledAt !== run.scheduledAt,
  );
  return { ...progress, recent: [run, ...others].slice(0, maxRecentRuns) };
}

/** Cancels executions as the API does: one that does not end in time is killed. */
export function cancelRuns(ctx: Context, { progress }: Schedule): void {
  for (const { executionId } of progress.running) {
    ctx.invocation(restate.InvocationIdParser.fromString(executionId)).cancel();
    ctx.genericSend({
      service: executionObjectName,
      key: executionId,
      method: "enforceCancellation",
      parameter: null,
      idempotencyKey: "cancelled",
      inputSerde: json,
    });
  }
}

function scheduledRun(id: string, scheduledAt: number, { previousAt }: ScheduleProgress) {
  const isLater = previousAt !== undefined && previousAt < scheduledAt;
  return {
    id,
    scheduledAt: new Date(scheduledAt).toISOString(),
    ...(isLater ? { previousAt: new Date(previousAt).toISOString() } : {}),
  };
}

function runKey(id: string, { reason, scheduledAt }: StartedRun): string {
  const instant = new Date(scheduledAt).toISOString();
  return reason === "trigger" ? `schedule/${id}/trigger/${instant}` : `schedule/${id}/${instant}`;
}

function delayOf(id: string, { definition }: Schedule, { scheduledAt, reason, now }: StartedRun): number {
  const { jitter } = definition.spec;
  if (jitter === undefined || reason !== "schedule") return 0;
  return Math.max(0, scheduledAt + jitterOf(id, scheduledAt, parseDuration(jitter)) - now);
}
