import type { JsonValue } from "../../base/json.ts";
import type { ScheduleManager, SchedulePause, ScheduleArming } from "./schedule-state.ts";
import type { ScheduleProgress, StoredSchedule } from "./schedule-state.ts";
import type { OverlapPolicy, ScheduleOptions } from "./schedule.ts";

/** The inputs, outputs and state of the Virtual Object `Schedule`. */

/** The state keys. Lists of schedules read them by Restate's SQL. */
export type ScheduleObjectState = {
  workflow: string;
  definition: StoredSchedule;
  payload: JsonValue;
  progress: ScheduleProgress;
  paused: SchedulePause;
  arming: ScheduleArming;
};

export interface PutScheduleInput {
  readonly workflowId: string;
  readonly options: ScheduleOptions;
  readonly managedBy: ScheduleManager;
}

export interface DeleteScheduleInput {
  /** A definition of another owner is not deleted. */
  readonly managedBy: "api" | "code";
}

export interface PauseScheduleInput {
  readonly by: string;
  readonly note?: string;
}

export interface BackfillInput {
  /** Milliseconds since the Unix epoch; both ends are included. */
  readonly start: number;
  readonly end: number;
  readonly overlap?: OverlapPolicy;
}

export interface BackfillOutput {
  readonly started: number;
  readonly buffered: number;
  readonly skipped: number;
}

export interface TickInput {
  readonly generation: number;
}

/** How an execution ended, if it is known. */
export type RunEnd = "completed" | "failed" | "cancelled" | "unknown";

export interface EndedInput {
  readonly executionId: string;
  readonly end: RunEnd;
}
