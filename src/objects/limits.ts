import { MiB } from "../base/binary-units.ts";

/** Limits that the Virtual Objects enforce. */

/**
 * Total size of the events and callbacks per execution. They stay in its journal, which is read as a whole to show
 * it.
 */
export const maxPostedBytesPerExecution = 32 * MiB;

/**
 * When a cancelled execution that has not ended is killed: its grace period, plus time for a replay up to the
 * cancellation.
 */
export const cancellationTimeoutMs = 36_500;

/**
 * Invocations that a starting executor resumes at once. Each takes a request. Restate resumes the others after
 * their back-off.
 */
export const maxResumedInvocations = 10_000;

/** Consecutive crashes in the same turn of an execution after which it is paused. */
export const maxCrashesInOneTurn = 3;

/** How long a crash is recorded. */
export const crashMemoryMs = 7 * 24 * 60 * 60 * 1_000;

/** How old the counts of crashes may be that an executor decides by. */
export const crashCountsAgeMs = 1_000;
