/** The entry with the reuse plan of an execution that is a retry from the failed step. */
export const reusedStepsEntry = "kept steps";
