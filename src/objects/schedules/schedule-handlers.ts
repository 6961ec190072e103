import * as restate from "@restatedev/restate-sdk";
import { isDeepStrictEqual } from "node:util";
import type { ScheduleProgress, StoredSchedule } from "../../domain/automation/schedule-state.ts";
import { DuraniumError, errorCatalogue } from "../../domain/errors.ts";
import { maxBackfilledInstants, maxRunningRuns } from "./limits.ts";
import { scheduleObjectName } from "../../journal/object-names.ts";
import type {
  BackfillInput,
  BackfillOutput,
  DeleteScheduleInput,
  EndedInput,
  PauseScheduleInput,
  PutScheduleInput,
  RunEnd,
  TickInput,
} from "../../domain/automation/schedule-inputs.ts";
import { createRecurrence, nextOccurrences } from "../../schedules/recurrence.ts";
import { advance, makeRoom, runInstants, startBuffered, withEnds } from "./advance-schedule.ts";
import { arm } from "./arm-schedule.ts";
import { journaledNow, json, readSchedule, writeSchedule } from "./schedule-context.ts";
import type { Context, Schedule, ScheduleObjectOptions, SharedContext } from "./schedule-context.ts";
import { startRun } from "./start-run.ts";

/**
 * The handlers of the Virtual Object `Schedule`. All but `watch` are exclusive: Restate runs those of one schedule in order.
 */

/**
 * Creates a schedule or replaces its definition. The old definition deals with the instants up to now, and the new one with
 * those after, so a change neither loses nor repeats an instant.
 */
export async function put(
  ctx: Context,
  input: PutScheduleInput,
  options: ScheduleObjectOptions,
): Promise<null> {
  const before = await readSchedule(ctx);
  if (before !== undefined)
    assertOwner(ctx.key, before.definition, input.managedBy === "api" ? "api" : "code");
  const advanced = before === undefined ? undefined : await advance(ctx, before, options);
  const now = await journaledNow(ctx, options);
  const { payload, ...rest } = input.options;
  const isSame = before !== undefined && (await isUnchanged(ctx, before.definition, input));
  const definition = {
    ...rest,
    workflowId: input.workflowId,
    managedBy: input.managedBy,
    revision: (before?.definition.revision ?? 0) + (isSame ? 0 : 1),
    createdAt: before?.definition.createdAt ?? now,
    updatedAt: isSame ? before.definition.updatedAt : now,
  };
  const current = advanced?.schedule;
  const progress = current === undefined ? newProgress(now) : current.progress;
  ctx.set("payload", payload ?? null);
  const schedule: Schedule = {
    definition,
    progress: isSame ? progress : withNewDefinition(progress, before?.definition, definition),
    arming: current?.arming ?? { generation: 0, invocations: [] },
    ...(current?.paused === undefined ? {} : { paused: current.paused }),
  };
  writeSchedule(ctx, await arm(ctx, schedule, options, isSame && advanced?.hasMore === true));
  return null;
}

export async function remove(ctx: Context, { managedBy }: DeleteScheduleInput): Promise<null> {
  const schedule = await readSchedule(ctx);
  if (schedule === undefined) {
    if (managedBy === "code") return null;
    throw notFound(ctx.key);
  }
  assertOwner(ctx.key, schedule.definition, managedBy);
  ctx.clearAll();
  return null;
}

export async function pause(
  ctx: Context,
  { by, note }: PauseScheduleInput,
  options: ScheduleObjectOptions,
): Promise<null> {
  const advanced = await advanceExisting(ctx, options);
  const at = await journaledNow(ctx, options);
  const paused = { at, by, ...(note === undefined ? {} : { note }) };
  writeSchedule(ctx, await arm(ctx, { ...advanced, paused }, options));
  return null;
}

/** Instants that passed during the pause are not run. What was buffered before it is. */
export async function resume(
  ctx: Context,
  _input: PauseScheduleInput,
  options: ScheduleObjectOptions,
): Promise<null> {
  const { paused: _, ...schedule } = await existing(ctx);
  const now = await journaledNow(ctx, options);
  const progress = { ...schedule.progress, last: Math.max(schedule.progress.last, now), failuresInRow: 0 };
  const resumed = await startBuffered(ctx, { ...schedule, progress }, now);
  writeSchedule(ctx, await arm(ctx, resumed, options));
  return null;
}

/** Starts a run now, whatever else runs. */
export async function trigger(
  ctx: Context,
  options: ScheduleObjectOptions,
): Promise<{ readonly executionId: string }> {
  const known = await existing(ctx);
  const now = await journaledNow(ctx, options);
  const schedule = await makeRoom(ctx, known, options, now);
  if (schedule.progress.running.length >= maxRunningRuns)
    throw new DuraniumError(
      "rate-limited",
      `Cannot trigger schedule "${ctx.key}": ${maxRunningRuns} of its runs are in progress (maxRunningRuns). Wait until one of them has ended`,
    );
  const { previousAt } = schedule.progress;
  const started = await startRun(ctx, schedule, { scheduledAt: now, reason: "trigger", now });
  const [run] = started.progress.recent;
  const { previousAt: _, ...progress } = started.progress;
  // The instants of the schedule continue from its own last run.
  const kept = previousAt === undefined ? progress : { ...progress, previousAt };
  writeSchedule(ctx, await arm(ctx, { ...started, progress: kept }, options));
  return { executionId: run?.executionId ?? "" };
}

/** Runs instants of the past. Those that ran already are not run again. */
export async function backfill(
  ctx: Context,
  { start, end, overlap }: BackfillInput,
  options: ScheduleObjectOptions,
): Promise<BackfillOutput> {
  const schedule = await existing(ctx);
  const { definition } = schedule;
  const { now, instants } = await ctx.run("instants", () => {
    const recurrence = createRecurrence(definition.spec);
    const found = nextOccurrences(recurrence, start - 1, maxBackfilledInstants + 1).map(({ at }) => at);
    const current = options.now();
    return { now: current, instants: found.filter((at) => at <= Math.min(end, current)) };
  });
  if (instants.length > maxBackfilledInstants) {
    throw new DuraniumError(
      "invalid-request",
      `Cannot backfill schedule "${ctx.key}": the period has more than ${maxBackfilledInstants} instants (maxBackfilledInstants)`,
    );
  }
  const policy = overlap ?? (definition.overlap === "allow" ? "allow" : "buffer-all");
  const before = await makeRoom(ctx, schedule, options, now);
  const { progress } = before;
  const filled = await runInstants(ctx, before, { instants, policy, reason: "backfill", now });
  writeSchedule(ctx, await arm(ctx, filled, options));
  return {
    started: filled.progress.started - progress.started,
    buffered: filled.progress.buffered.length - progress.buffered.length,
    skipped: filled.progress.skipped - progress.skipped,
  };
}

/** A delayed request of the schedule to itself: an instant has come. */
export async function tick(
  ctx: Context,
  { generation }: TickInput,
  options: ScheduleObjectOptions,
): Promise<null> {
  const schedule = await readSchedule(ctx);
  if (schedule === undefined || schedule.arming.generation !== generation) return null;
  const advanced = await advance(ctx, schedule, options);
  if (advanced === undefined) ctx.clearAll();
  else writeSchedule(ctx, await arm(ctx, advanced.schedule, options, advanced.hasMore));
  return null;
}

/** A run that was watched has ended. */
export async function ended(
  ctx: Context,
  { executionId, end }: EndedInput,
  options: ScheduleObjectOptions,
): Promise<null> {
  const schedule = await readSchedule(ctx);
  if (schedule === undefined) return null;
  const now = await journaledNow(ctx, options);
  const settled = withEnds(schedule, [{ executionId, end }], now);
  writeSchedule(ctx, await arm(ctx, await startBuffered(ctx, settled, now), options));
  return null;
}

/** Waits for the end of an execution, and reports it. */
export async function watch(
  ctx: SharedContext,
  { executionId }: { readonly executionId: string },
): Promise<null> {
  const end = await endOf(ctx, executionId);
  ctx.genericSend({
    service: scheduleObjectName,
    key: ctx.key,
    method: "ended",
    parameter: { executionId, end },
    inputSerde: json,
  });
  return null;
}

async function endOf(ctx: SharedContext, executionId: string): Promise<RunEnd> {
  try {
    await ctx.invocation(restate.InvocationIdParser.fromString(executionId)).attach(restate.serde.binary);
    return "completed";
  } catch (error) {
    if (!(error instanceof restate.TerminalError)) throw error;
    if (error.code === 404 && error.metadata?.["code"] === undefined) return "unknown";
    const isSkipped = error.code === errorCatalogue.skipped.status;
    return error.code === 409 || isSkipped ? "cancelled" : "failed";
  }
}

async function existing(ctx: Context): Promise<Schedule> {
  const schedule = await readSchedule(ctx);
  if (schedule === undefined) throw notFound(ctx.key);
  return schedule;
}

async function advanceExisting(ctx: Context, options: ScheduleObjectOptions): Promise<Schedule> {
  const schedule = await existing(ctx);
  return (await advance(ctx, schedule, options))?.schedule ?? schedule;
}

function notFound(id: string): DuraniumError {
  return new DuraniumError("schedule-not-found", `Schedule "${id}" not found`);
}

function assertOwner(id: string, { managedBy }: StoredSchedule, by: "api" | "code"): void {
  if (managedBy === "api" || by === "code") return;
  const { workflow, version } = managedBy;
  throw new DuraniumError(
    "schedule-managed",
    `Cannot change schedule "${id}": version ${version} of workflow "${workflow}" declares it. Change the export \`schedules\` and deploy`,
  );
}

async function isUnchanged(
  ctx: Context,
  before: StoredSchedule,
  { workflowId, options }: PutScheduleInput,
): Promise<boolean> {
  const { managedBy: _, revision: __, createdAt: ___, updatedAt: ____, ...known } = before;
  const { payload, ...rest } = options;
  const knownPayload = await ctx.get("payload");
  return (
    isDeepStrictEqual(known, { ...rest, workflowId }) && isDeepStrictEqual(knownPayload, payload ?? null)
  );
}

function newProgress(now: number): ScheduleProgress {
  const counts = { started: 0, missed: 0, skipped: 0, failuresInRow: 0 };
  return { last: now, ...counts, running: [], buffered: [], recent: [] };
}

/**
 * The new definition begins after the last instant that the old one has dealt with, not now: an instant may have passed since.
 * Its number of runs is counted anew if it is another one.
 */
function withNewDefinition(
  progress: ScheduleProgress,
  before: StoredSchedule | undefined,
  after: StoredSchedule,
): ScheduleProgress {
  const { remaining, ...rest } = progress;
  const left = before !== undefined && before.remaining === after.remaining ? remaining : after.remaining;
  return { ...rest, ...(left === undefined ? {} : { remaining: left }) };
}
