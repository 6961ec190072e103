import { GiB } from "../base/binary-units.ts";

/** Limits on workflows and on log streams. */

/** Interval between polls for new console lines of executions with open log streams. */
export const logPollIntervalMs = 250;

/** Concurrent log streams per process. Each poll of a stream takes about 0.3 ms, so this many use half a core. */
export const maxLogStreams = 400;

/** Concurrent log streams per API key, so that one key cannot use up all of them. */
export const maxLogStreamsPerKey = 100;

/** Concurrent log streams per execution. */
export const maxLogStreamsPerExecution = 40;

/** Versions per workflow. The source and the image of each are retained. */
export const maxVersionsPerWorkflow = 5_000;

/** Total size of the distinct images of one workflow. */
export const maxImageBytesPerWorkflow = 8 * GiB;

/** Secrets per workflow. */
export const maxSecretsPerWorkflow = 100;
