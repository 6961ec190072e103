import { GiB, MiB } from "../base/binary-units.ts";

/** Defaults, and some maximums, of the variables that an operator can set. */

/** Maximum retention that an operator can configure, in days. Each list reads all retained executions. */
export const retentionCeilingDays = 3_650;

/** Maximum that an operator can configure. Replaying this many calls takes minutes. */
export const callsCeiling = 250_000;

/** Maximum that an operator can configure. An executor holds the whole journal in memory. */
export const journalCeilingBytes = GiB;

/** Executions that are queued and have not started. Restate stores them, so this limit bounds bursts only. */
export const maxWaitingExecutions = 1_000;

/**
 * How long the oldest queued execution may have waited before new executions are rejected, since they would wait
 * longer.
 */
export const maxStartDelayMs = 5_000;

/** Concurrent requests. Those that wait for the end of an execution are not included. */
export const maxConcurrentRequests = 1_000;

/** Event loop delay of the main thread, averaged over a second, above which new work is rejected. */
export const maxEventLoopDelayMs = 250;

/** Free memory of the machine or its container below which new work is rejected, because it would start to swap. */
export const minFreeMemoryBytes = 128 * MiB;

/**
 * Free space on the file system of the data directory. Restate and SQLite need some to finish the work that was
 * accepted.
 */
export const minFreeDiskBytes = 256 * MiB;

/** Artifacts of a bucket that are kept on the local disk: the images of about a thousand versions. */
export const artifactCacheBytes = 2 * GiB;

/** How long a stopping process waits for effects in flight. Nearly all requests take less. */
export const drainTimeoutMs = 20_000;

/** Default interval between checks for schedules that lost their pending invocation. */
export const scheduleSweepMs = 30_000;

/** Replays of ended executions in the background, per minute and process. */
export const shadowReplaysPerMinute = 6;
