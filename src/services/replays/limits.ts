/** How long after its end an execution is replayed in the background, when its end and its console lines are stored. */
export const shadowDelayMs = 2_000;

/** Executions that wait for a replay in the background. More are not sampled. */
export const maxShadowBacklog = 100;

/** How often the journal of such an execution is read until it has an end, each time after twice the time. */
export const maxShadowReads = 4;

/** Recordings of executions that differed, which are kept in the data directory. The oldest are removed. */
export const maxKeptRecordings = 20;
export const maxKeptRecordingMs = 7 * 24 * 60 * 60 * 1_000;

/** How often recordings of deleted executions are removed. */
export const keptSweepIntervalMs = 60 * 60 * 1_000;

/** Replay checks in progress, of one workflow and of all. More are refused. */
export const maxRunningChecksPerWorkflow = 4;
export const maxRunningChecks = 8;
