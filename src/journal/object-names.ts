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

/** Keyed by the id of a check. */
export const replayCheckObjectName = "ReplayCheck";

/** Keyed by execution id: replays an execution to find out what its calls asked for. */
export const recordedRequestsObjectName = "RecordedRequests";
