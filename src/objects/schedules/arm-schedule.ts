import { scheduleObjectName } from "../../journal/object-names.ts";
import { createRecurrence } from "../../schedules/recurrence.ts";
import { maxTickDelayMs } from "./limits.ts";
import { json } from "./schedule-context.ts";
import type { Context, Schedule, ScheduleObjectOptions } from "./schedule-context.ts";

/**
 * Sends the next tick to the schedule itself, and a watch for each run whose end something waits for. Ticks of an earlier
 * arming do nothing from then on.
 *
 * @param isUrgent true if there are more instants that have passed
 */
export async function arm(
  ctx: Context,
  schedule: Schedule,
  options: ScheduleObjectOptions,
  isUrgent = false,
): Promise<Schedule> {
  const { definition, progress } = schedule;
  const generation = schedule.arming.generation + 1;
  const watched = await watchRuns(ctx, schedule);
  const watches = watched.progress.running.flatMap(({ watch }) => watch ?? []);
  const next = await ctx.run("next", () => {
    const at = createRecurrence(definition.spec).next(progress.last)?.at;
    return at === undefined ? null : { at, delayMs: Math.max(0, at - options.now()) };
  });
  const isOver = progress.remaining === 0 || schedule.paused !== undefined;
  if (next === null || isOver) return { ...watched, arming: { generation, invocations: watches } };
  const handle = ctx.genericSend({
    service: scheduleObjectName,
    key: ctx.key,
    method: "tick",
    parameter: { generation },
    delay: isUrgent ? 0 : Math.min(next.delayMs, maxTickDelayMs),
    inputSerde: json,
  });
  const tick: string = await handle.invocationId;
  return { ...watched, arming: { generation, invocations: [tick, ...watches], at: next.at } };
}

/** A run is watched if a buffered one waits for it, or if its failure may pause the schedule. */
async function watchRuns(ctx: Context, schedule: Schedule): Promise<Schedule> {
  const { definition, progress } = schedule;
  if (progress.buffered.length === 0 && definition.pauseOnFailure === undefined) return schedule;
  const running = [...progress.running];
  for (const [index, run] of running.entries()) {
    if (run.watch !== undefined) continue;
    const handle = ctx.genericSend({
      service: scheduleObjectName,
      key: ctx.key,
      method: "watch",
      parameter: { executionId: run.executionId },
      inputSerde: json,
    });
    running[index] = { ...run, watch: await handle.invocationId };
  }
  return { ...schedule, progress: { ...progress, running } };
}
