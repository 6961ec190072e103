/** How often expired data is swept, and how much of it at a time. */

/** Interval between the sweeps for console lines of executions that Restate has purged. */
export const logSweepIntervalMs = 60_000;

/** Executions that each sweep checks. */
export const maxSweptExecutions = 200;

/** Interval between the sweeps for executions that have exceeded the retention of their workflow. */
export const retentionSweepIntervalMs = 5 * 60_000;

/** Workflows whose expired executions one query covers. */
export const maxSweptWorkflows = 50;

/** Executions that one query returns for purging. */
export const maxPurgedExecutions = 1_000;

/** Concurrent purge requests to Restate. */
export const maxConcurrentPurges = 16;

/** Stored ends outlive their execution by this long, unless they are removed with it. */
export const endGraceMs = 24 * 60 * 60 * 1_000;

/** Stored ends removed per sweep. */
export const maxSweptEnds = 20_000;

/**
 * Minimum age at which an artifact without a version is removed: Restate may record the version days after its
 * artifacts were stored.
 */
export const artifactGraceMs = 7 * 24 * 60 * 60 * 1_000;

/** Interval between the sweeps for such artifacts. */
export const artifactSweepIntervalMs = 6 * 60 * 60 * 1_000;

/** How long packages are kept that no version and no draft uses: people try packages and return to them. */
export const unusedPackageMs = 30 * 24 * 60 * 60 * 1_000;
