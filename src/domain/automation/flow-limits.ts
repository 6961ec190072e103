/** A key of flow control, computed from the payload. Longer ones are shortened with a digest. */
export const maxFlowKeyLength = 100;

/** Parts of one key of flow control, and the shared limits that one workflow can use. */
export const maxFlowKeyParts = 5;
export const maxSharedLimits = 5;

/** Hosts whose rate one workflow, or the operator, limits. */
export const maxRatedHosts = 20;

/** Slots of one queue, and executions of one batch. */
export const maxSlots = 100_000;
export const maxBatchSize = 1_000;

/** Period of a rate limit, a debounce or a batch. */
export const maxFlowPeriodMs = 366 * 24 * 60 * 60 * 1_000;

/** The priorities of executions are from `-maxPriority` to `maxPriority`. */
export const maxPriority = 10;

/** Grants of a queue after which it serves a priority that it has passed over, so that no execution waits indefinitely. */
export const maxPassesOver = 10;

/** Executions that a queue starts, skips or removes in one request. The rest follows in further ones. */
export const maxGrantsPerRequest = 200;

/**
 * Places at the end of a list in which an execution is placed by the time at which it was accepted. It bounds the work for one whose
 * request arrives long after those that were accepted later, as when it was scheduled for a later time.
 */
export const maxPlacesMoved = 100;
