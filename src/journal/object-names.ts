/** The names of the Virtual Objects, for their callers and for queries on their invocations. */

/** Keyed by workflow id. */
export const workflowObjectName = "Workflow";

/** Keyed by execution id. */
export const executionObjectName = "Execution";

/** Keyed by workflow id. */
export const workflowStateName = "WorkflowState";

/** Keyed by queue id: `workflow:<id>`, `shared:<name>` or `host:<host>`. */
export const queueObjectName = "Queue";

/** Keyed by schedule id. */
export const scheduleObjectName = "Schedule";
