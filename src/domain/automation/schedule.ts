import type { JsonValue } from "../../base/json.ts";

/**
 * When a schedule runs its workflow. The instants of `cron`, `every` and `at` are merged; equal ones count once.
 *
 * Durations are ISO 8601 (`PT5M`) or short (`5m`), instants are RFC 3339 with their offset.
 */
export interface ScheduleSpec {
  /** Patterns of 5 fields, or of 6 with seconds first, in local time of `timeZone`. */
  readonly cron?: readonly string[];
  /** An interval of one second or more, counted from the Unix epoch, so it is independent of time zones. */
  readonly every?: string;
  /** Shifts the instants of `every`. Less than `every`. */
  readonly offset?: string;
  readonly at?: readonly string[];
  /** An IANA time zone; UTC by default. */
  readonly timeZone?: string;
  /** The first possible instant. */
  readonly startAt?: string;
  /** No instant is at or after this one. */
  readonly endAt?: string;
  /** Local dates without runs. Both ends of a range are included. */
  readonly skip?: readonly (string | DateRange)[];
  /** Delays each start by less than this, by an amount that follows from the schedule's id and the instant. */
  readonly jitter?: string;
}

/** Local dates, `2026-12-24`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What happens at an instant while an execution of an earlier instant is in progress. */
export type OverlapPolicy = (typeof overlapPolicies)[number];

export const overlapPolicies = ["skip", "buffer-one", "buffer-all", "cancel-running", "allow"] as const;

/** What a schedule executes, and when: the part that its owner writes. */
export interface ScheduleOptions {
  readonly spec: ScheduleSpec;
  readonly entryPoint?: string;
  /** `null` by default. */
  readonly payload?: JsonValue;
  /** The version that is executed; by default the current one at that time. */
  readonly version?: number;
  readonly overlap?: OverlapPolicy;
  /** How far back instants are run that passed during an outage. Earlier ones are counted as missed. One hour by default. */
  readonly catchUp?: string;
  /** Pauses the schedule after this many failures in a row. */
  readonly pauseOnFailure?: number;
  /** The number of runs after which the schedule ends. */
  readonly remaining?: number;
  readonly note?: string;
}

/** A schedule that the source of a workflow exports. Its id is `<workflow id>.<name>`. */
export interface DeclaredSchedule {
  readonly name: string;
  readonly definition: ScheduleOptions;
}

/** What `ctx.schedule` contains in an execution that a schedule started. */
export interface ScheduledRun {
  /** The id of the schedule. */
  readonly id: string;
  /** The nominal instant, without jitter, in ISO 8601. */
  readonly scheduledAt: string;
  /** The nominal instant of the run before; absent in the first one. */
  readonly previousAt?: string;
}
