/** Timing of attempts, and the rate of the executions that `ctx.send` starts. */

/** Executions per second that `ctx.send` starts per workflow. Further ones start in a later second. */
export const maxSendsPerSecond = 25;

/**
 * How long an attempt with no effects in flight and no messages from Restate stays active before it is suspended.
 */
export const attemptIdleMs = 5_000;

/** How long an attempt waits for a slot of a host that is probably free, before it is suspended. */
export const slotWaitMs = 150;

/**
 * How long an attempt waits for its effects after its input has ended, when the journal may hold more than the
 * attempt has received. Then it is interrupted, which costs a replay.
 */
export const endedInputGraceMs = 1_000;

/** How long effects in flight wait for the next attempt of their execution before they are aborted. */
export const effectAdoptionTimeoutMs = 60_000;

/** After this time, a connection to an executor that shares its address is replaced, a little later by the jitter. */
export const maxConnectionAgeMs = 300_000;
export const connectionAgeJitter = 0.2;
