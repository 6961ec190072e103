import type { Failure } from "../domain/outcome.ts";
import type { CallSite } from "../recordings/recording.ts";
import type { JsonDifference } from "../replay/json-difference.ts";

/**
 * Experiments on a recorded execution: the same run again and again, each time with one failure. They send no requests and change
 * nothing.
 */
export const experimentKinds = ["fail-each-call", "crash-each-step"] as const;

export type ExperimentKind = (typeof experimentKinds)[number];

/** What goes wrong in a row. */
export type ExperimentChange =
  /** The fetch gets a response with status 500, in each of its attempts. */
  | "http-500"
  /** The connection breaks before the response, in each attempt of the fetch. */
  | "network-failure"
  /** The called workflow fails. */
  | "workflow-failure"
  /** The event, or the request to the callback, does not arrive. */
  | "no-event"
  /** The process is killed after the effect of the step happened, before its result is stored. */
  | "crash-before-stored"
  /** The process is killed when the result of the step is stored. */
  | "crash-after-stored";

/** How a run with a failure ends, compared with the run without one. */
export const experimentOutcomes = [
  "same",
  "otherResult",
  "fails",
  "asksForMore",
  "waits",
  "unfinished",
] as const;

export type ExperimentOutcome = (typeof experimentOutcomes)[number];

export interface ExperimentRow {
  /** The number of the call in the recording, from 0. */
  readonly call: number;
  readonly name: string;
  /** Where the workflow makes the call. */
  readonly place?: CallSite;
  readonly change: ExperimentChange;
  readonly outcome: ExperimentOutcome;
  /** Of `same`: the result has later times, and is otherwise the same. */
  readonly isLater?: boolean;
  /** Of `fails`. */
  readonly failure?: Failure;
  /** Of `otherResult`. */
  readonly differences?: readonly JsonDifference[];
  /** Of `asksForMore`: the call that nothing answers. Of `waits`: what does not arrive. */
  readonly waitingFor?: readonly string[];
  /** Where the failure was thrown, or the call that is not answered was made. */
  readonly endPlace?: CallSite;
  /** Effects that happen more often than in the run without a failure. */
  readonly repeats: readonly RepeatedEffect[];
  /** The number of attempts of the failed fetch, if there was more than one. */
  readonly attempts?: number;
  /** How much later than the run without a failure it ends, in milliseconds. */
  readonly delayMs: number;
  /** Calls that were answered as a similar call, or the same one, was recorded. */
  readonly assumed: readonly string[];
}

export interface RepeatedEffect {
  readonly name: string;
  /** How many times more. */
  readonly times: number;
  readonly place?: CallSite;
  /** True for methods that may be repeated (PUT, DELETE), and for requests with an `Idempotency-Key`. */
  readonly isIdempotent: boolean;
}

export interface ExperimentReport {
  readonly kind: ExperimentKind;
  readonly executionId: string;
  readonly control: ControlRun;
  readonly rows: readonly ExperimentRow[];
  /** Rows that were left out because of `maxExperimentRows`. */
  readonly leftOut: number;
  readonly isCancelled: boolean;
}

/** The run without a failure. */
export interface ControlRun {
  readonly status: "completed" | "failed" | "cancelled" | "waiting" | "unfinished";
  /** True if it ends as the recorded execution did. */
  readonly isAsRecorded: boolean;
  readonly failure?: Failure;
}

export const maxExperimentRows = 400;

/** The time for which the process does not run after a crash, by default. */
export const defaultDowntimeMs = 10_000;
