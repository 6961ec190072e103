import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type {
  ScheduleArming,
  SchedulePause,
  ScheduleProgress,
  StoredSchedule,
} from "../../domain/automation/schedule-state.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { ScheduleObjectState } from "../../domain/automation/schedule-inputs.ts";
import type { RunEnds } from "../../read-model/automation/schedules.ts";

export interface ScheduleObjectOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** False once the workflow is deleted. */
  readonly hasWorkflow: (workflowId: WorkflowId) => Promise<boolean>;
  /** Reads which of the executions have ended. */
  readonly readEnds: (executionIds: readonly string[]) => Promise<RunEnds>;
}

export type Context = restate.ObjectContext<ScheduleObjectState>;
export type SharedContext = restate.ObjectSharedContext<ScheduleObjectState>;

/** The state of a schedule, read at the start of a handler and written at its end. */
export interface Schedule {
  readonly definition: StoredSchedule;
  readonly progress: ScheduleProgress;
  readonly paused?: SchedulePause;
  readonly arming: ScheduleArming;
}

export const json = restate.serde.json as restate.Serde<JsonValue>;

/** Returns undefined if there is no such schedule. */
export async function readSchedule(ctx: Context): Promise<Schedule | undefined> {
  const definition = await ctx.get("definition");
  const progress = await ctx.get("progress");
  const arming = await ctx.get("arming");
  const paused = await ctx.get("paused");
  if (definition === null || progress === null || arming === null) return undefined;
  return { definition, progress, arming, ...(paused === null ? {} : { paused }) };
}

export function writeSchedule(ctx: Context, { definition, progress, arming, paused }: Schedule): void {
  ctx.set("workflow", definition.workflowId);
  ctx.set("definition", definition);
  ctx.set("progress", progress);
  ctx.set("arming", arming);
  if (paused === undefined) ctx.clear("paused");
  else ctx.set("paused", paused);
}

/** Reads the clock as a journal entry. */
export async function journaledNow(ctx: Context, { now }: ScheduleObjectOptions): Promise<number> {
  return await ctx.run("now", () => now());
}
