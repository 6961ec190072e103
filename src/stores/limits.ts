import { MiB } from "../base/binary-units.ts";

/** What the stores hold, and how console lines are written in batches. */

/** Console lines of all executions that wait to be stored. While the queue is full, further lines are lost. */
export const maxQueuedLogLines = 20_000;

/** Total size as JSON of the queued console lines. */
export const maxQueuedLogBytes = 64 * MiB;

/** Console lines stored in one transaction, so that a transaction stays in the order of 10 ms. */
export const maxLogBatchLines = 1_000;

/**
 * Total size as JSON of the console lines in one transaction. The main thread copies this much for the writer
 * thread.
 */
export const maxLogBatchBytes = MiB;

/** How long console lines wait to be stored together with others, unless an execution ends first. */
export const logBatchDelayMs = 50;

/**
 * How long a completed execution waits for its console lines to be stored: a standby of the database is promoted within it. After
 * that they are stored in the background.
 */
export const logFlushTimeoutMs = 15_000;

/** How long a process that stops waits for console lines to be stored. */
export const logCloseTimeoutMs = 2_000;

/** Executions whose console lines are known to be stored, so that a replay does not emit them again. */
export const maxRememberedLogs = 10_000;

/** Drafts without a deployed workflow. Each may have `maxDeployBytes`, and no other limit bounds them. */
export const maxDraftsWithoutWorkflow = 200;

/** Retention of audit log entries. */
export const auditRetentionMs = 400 * 24 * 60 * 60 * 1_000;

/** Maximum number of audit log entries, about 300 MiB. */
export const maxAuditRecords = 1_000_000;

/** New audit log entries after which the oldest ones are swept. */
export const auditSweepRecords = 1_000;

/** Maximum lifetime of a web UI session. */
export const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1_000;

/** Idle timeout of a web UI session: a session survives a night, but not a weekend. */
export const sessionIdleMs = 16 * 60 * 60 * 1_000;

/** Concurrent sessions per API key. The least recently used one is removed first. */
export const maxSessionsPerApiKey = 100;
