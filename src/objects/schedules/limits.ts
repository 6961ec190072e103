/** Limits of schedules. */

/** The latest runs that a schedule remembers. */
export const maxRecentRuns = 20;

/** Runs in progress of one schedule. Further instants are skipped, because each tick reads what it knows of all of them. */
export const maxRunningRuns = 1_000;

/** How long a tick is delayed at most. A schedule whose next instant is later looks again then. */
export const maxTickDelayMs = 30 * 24 * 60 * 60 * 1_000;

/** Instants that one backfill may run. */
export const maxBackfilledInstants = 1_000;
