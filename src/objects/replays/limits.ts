/** Recordings that one journaled step replays. A step that is interrupted replays them again. */
export const recordingsPerBatch = 8;

/** Recordings that one journaled step begins to replay, in time. The rest follow in the next step. */
export const maxBatchMs = 20_000;

/** Recordings of checks that a process replays at the same time. Executions have the other threads. */
export const maxConcurrentReplays = 2;

/** As many more are replayed for requests, which do not wait for checks. */
export const maxRequestedReplays = 2;

/** How long the report of a check is stored after its end. */
export const checkRetentionMs = 24 * 60 * 60 * 1_000;

/** Executions among which those of `perEntryPoint` and `perPath` are found, as a multiple of `last`. */
export const selectionFactor = 5;

/** The replay of one recording in a check, and for the response to a request for a recording. */
export const maxReplayMs = 30_000;
export const maxRecordingReplayMs = 10_000;
