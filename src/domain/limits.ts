import { KiB, MiB } from "../base/binary-units.ts";

/**
 * Limits that several rooms have to agree on: host and guest, the API and the web UI, a store and its readers. Each has
 * its unit and its reason. A limit of one room is in the `limits.ts` of that room, or in the file that applies it.
 *
 * An execution that exceeds a limit through its workflow's own code fails with a code, and tests cover the edges. A
 * workflow's settings may override the limits of `execution-limits.ts`.
 */

/** A payload. It is journaled once and retained as long as the execution. */
export const maxPayloadBytes = 4 * MiB;

/** Result of a workflow. */
export const maxResultBytes = 4 * MiB;

/** Text of a failure as the guest sends it. */
export const maxFailureBytes = 64 * KiB;

/** Length of a failure's chain of causes. Deeper causes are omitted. */
export const maxFailureCauses = 5;

/** Errors of an `AggregateError` that a failure includes. Later ones are omitted. */
export const maxFailureErrors = 10;

/** The exports `schedules` and `flow` of a workflow, as JSON. */
export const maxDeclarationBytes = 64 * KiB;

/** Schedules that one version can declare. */
export const maxDeclaredSchedules = 100;

/** Schedules of one workflow. Each of them may start an execution per second. */
export const maxSchedulesPerWorkflow = 1_000;

/** Cron patterns of one schedule. */
export const maxCronPatterns = 20;

/** Cron patterns of all schedules that one version declares. Each is checked while the main thread waits. */
export const maxDeclaredPatterns = 200;

/** Explicit instants of one schedule. */
export const maxScheduleInstants = 500;

/** Dates and ranges that one schedule skips. */
export const maxScheduleDates = 366;

/** How far a schedule looks for its next instant. It has none if there is none by then. The rarest patterns recur after 40 years. */
export const maxLookAheadMs = 100 * 366 * 24 * 60 * 60 * 1_000;

/** One console line with all of its arguments. */
export const maxLogLineBytes = 16 * KiB;

/** Total size as JSON of the console lines stored per execution. */
export const maxLogBytesPerExecution = 4 * MiB;

/** Default retention of completed executions and their idempotency keys, in days. */
export const defaultRetentionDays = 30;

/** Events per execution, received by the workflow or not. Each is an entry of its journal. */
export const maxEventsPerExecution = 10_000;

/** Key of `ctx.state`, in UTF-16 code units. */
export const maxStateKeyLength = 256;

/** Value of `ctx.state`, as JSON. Each read of it is journaled. */
export const maxStateValueBytes = 256 * KiB;

/** Request body of a workflow's fetch. */
export const maxFetchRequestBytes = 8 * MiB;

/** Response body of a workflow's fetch. Its base64 must fit into Restate's messages of 32 MiB. */
export const maxFetchResponseBytes = 16 * MiB;

/** Duration of one fetch, from the DNS lookup to the last byte of the response. */
export const fetchTimeoutMs = 60_000;

/** Retries per fetch. */
export const maxFetchRetries = 20;

/** Host calls of one execution that wait for their results. The race over them is linear in their number. */
export const maxCallsInFlight = 1_000;

/** An id that no call has. `settle` with this id notifies the guest that its turn has ended. */
export const endOfTurnId = 0xff_ff_ff_ff;

/** Host calls per execution. Its replay is linear in their number. */
export const maxCallsPerExecution = 25_000;

/**
 * The payload of an execution with the arguments and results of its host calls. They are retained as long as the
 * execution, and sent to an executor each time that the execution resumes.
 */
export const maxJournalBytes = 64 * MiB;

/** Restate supports longer timers, but a workflow that sleeps for more than a year has a bug. */
export const maxSleepMs = 366 * 24 * 60 * 60 * 1_000;

/**
 * Fuel per turn (`src/sandbox/instrumentation/fuel-cost.ts`), about five seconds of a core. The evaluation of a
 * workflow's top level at the deploy has the same budget.
 */
export const maxTurnFuel = 20e9;

/** Fuel of all turns of an execution. A replay spends it again. */
export const maxExecutionFuel = 200e9;

/**
 * Wall-clock timeout of one turn, for what fuel cannot bound, such as a stalled machine. It is far above the time
 * in which a turn spends its fuel.
 */
export const turnTimeoutMs = 60_000;

/** Linear memory of an execution in WebAssembly pages of 64 KiB: 64 MiB. The engine itself takes 9.5 MiB. */
export const maxMemoryPages = 1_024;

/** Maximum memory that an operator can configure for an execution: 512 MiB. It is compiled into the engine. */
export const memoryCeilingPages = 8_192;

/** Nesting depth of JSON in requests. Serializers recurse on a finite stack, and real documents stay below 100. */
export const maxJsonDepth = 256;

/** Maximum page size of a list. */
export const maxPageItems = 200;

/**
 * Characters of an error message in a list of executions: enough to recognise the error, while a page stays small.
 */
export const maxListedFailureCharacters = 300;

/** Journal entry of one step when that step is requested on its own: as much as a browser can show as a tree. */
export const maxStepBytes = 4 * MiB;

/** Note of a version, in characters: a few paragraphs, because each item of a list of versions includes it. */
export const maxVersionNoteLength = 2_000;

/** Path of a file in a deploy. Common file systems have the same limit. */
export const maxFileNameLength = 255;

/** As the draft of the `Idempotency-Key` header suggests, and short enough for Restate to store. */
export const maxIdempotencyKeyLength = 255;

/**
 * Niceness of low-priority threads, from 0 to 19. With 10, such a thread gets a ninth of the CPU time of each busy
 * neighbour.
 */
export const longTurnNiceness = 10;

/** Path of a Unix socket, without its terminating zero: macOS allows 103 bytes, Linux 107. */
export const maxSocketPathBytes = 103;

/** Tags that a caller gives one execution, and tags that its workflow sets. */
export const maxExecutionTags = 10;

/** True for 1 to 64 of letters, digits and `. _ : / = @ -`, starting with a letter or digit. */
export function isExecutionTag(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:/=@-]{0,63}$/.test(text);
}
