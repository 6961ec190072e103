import type { ScheduleOptions } from "./schedule.ts";

/** What a schedule remembers. Times are milliseconds since the Unix epoch. */

/** The owner of a definition: the API, or a version whose source exports it. */
export type ScheduleManager = "api" | { readonly workflow: string; readonly version: number };

/** The definition as it is stored. The payload is stored beside it, because lists do not need it. */
export interface StoredSchedule extends Omit<ScheduleOptions, "payload"> {
  readonly workflowId: string;
  readonly managedBy: ScheduleManager;
  /** 1, and one more with each change of the definition. */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SchedulePause {
  readonly at: number;
  /** The name of an API key, or `pauseOnFailure`. */
  readonly by: string;
  readonly note?: string;
}

/** Why a run was started. */
export type RunReason = "schedule" | "trigger" | "backfill";

/** One instant that the schedule dealt with. */
export interface ScheduleRun {
  /** The nominal instant. */
  readonly scheduledAt: number;
  readonly reason: RunReason;
  readonly outcome: "started" | "skipped" | "buffered";
  readonly executionId?: string;
}

/** A run that is not known to have ended. */
export interface RunningRun {
  readonly executionId: string;
  readonly scheduledAt: number;
  readonly startedAt: number;
  /** The invocation that waits for its end. */
  readonly watch?: string;
}

export interface BufferedRun {
  readonly scheduledAt: number;
  readonly reason: RunReason;
}

export interface ScheduleProgress {
  /** All instants up to this one are dealt with. */
  readonly last: number;
  /** The nominal instant of the last run that was started. */
  readonly previousAt?: number;
  readonly started: number;
  readonly missed: number;
  readonly skipped: number;
  readonly failuresInRow: number;
  /** The runs that are left, if the definition limits them. */
  readonly remaining?: number;
  readonly running: readonly RunningRun[];
  readonly buffered: readonly BufferedRun[];
  /** The latest runs, newest first. */
  readonly recent: readonly ScheduleRun[];
}

/**
 * The invocations that a schedule depends on. If one is gone, the sweep arms the schedule again.
 *
 * Each arming has a generation. A tick of an earlier one does nothing.
 */
export interface ScheduleArming {
  readonly generation: number;
  /** The tick, and the watches of running executions. */
  readonly invocations: readonly string[];
  /** The instant of the pending tick. */
  readonly at?: number;
}
