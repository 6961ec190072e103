/** The journal's entry for what an execution that goes on with another's steps keeps of them. */
export const reusedStepsEntry = "kept steps";
