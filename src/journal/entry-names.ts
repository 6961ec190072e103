/**
 * Names of the journal entries that Duranium itself creates. The names of operations follow from their arguments. Journals in
 * flight contain these names, so they are frozen.
 */

/** The entry with everything that an execution knows from its start: `ExecutionStart`. */
export const startEntry = "start";

/** A reading of the host's clock, for a result without a time. */
export const clockEntry = "clock";

/** The time at which a cancellation arrived. */
export const cancelledEntry = "cancelled";

/** The grace period for effects that are in flight when the workflow returns. */
export const gracePeriodEntry = "grace period";

/** The grace period for host calls of `catch` and `finally` blocks after a cancellation. */
export const cancellationGracePeriodEntry = "cancellation grace period";

/** The entry with the reuse plan of an execution that is a retry from the failed step. */
export const reusedStepsEntry = "reused steps";
