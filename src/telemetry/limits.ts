/** How often load is sampled, and how much of it is remembered. */

/** Executions whose version is cached for requests that wait for their end: a megabyte or two. */
export const maxRememberedVersions = 10_000;

/** How long an execution may be queued before Restate is polled for whether it has started on another executor. */
export const backlogPollAfterMs = 1_000;

/**
 * Number of queued executions above which Restate is polled as well: an API without an executor queues this many in
 * a moment, and other executors start them.
 */
export const backlogPollAboveExecutions = 200;

/** Interval of those polls. Each reads the status of a few executions. */
export const backlogPollIntervalMs = 250;

/** Interval at which the event loop delay and the free memory are sampled. */
export const loadSampleIntervalMs = 1_000;
