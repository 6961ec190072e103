/** Limits of schedules. */

/** The latest runs that a schedule remembers. */
export const maxRecentRuns = 20;

/** Instants that one backfill may run. */
export const maxBackfilledInstants = 1_000;
