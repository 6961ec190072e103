/** The names of the Virtual Objects, for callers that address them and readers that look for their invocations. */

/** Keyed by workflow id. */
export const workflowObjectName = "Workflow";

/** Keyed by execution id. */
export const executionObjectName = "Execution";

/** Keyed by workflow id. */
export const workflowStateName = "WorkflowState";
