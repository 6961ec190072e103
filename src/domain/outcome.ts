import type { JsonValue } from "../base/json.ts";

/** A failure without its causes, as a workflow receives it. */
export interface FlatFailure {
  /** As `Error.name`: `TypeError`, `AbortError`… */
  readonly name: string;
  readonly message: string;
  /** A stable code where there is one. */
  readonly code?: string;
  /** Frames in the author's files, one a line: `at total (orders.ts:12:7)`. */
  readonly stack?: string;
}

/** A failure with its causes, as the web UI and the API show it. */
export interface Failure extends FlatFailure {
  /** As `Error.cause`, at most `maxFailureCauses` in a row. */
  readonly cause?: Failure;
  /** As `AggregateError.errors`, the first `maxFailureErrors`. */
  readonly errors?: readonly Failure[];
}

/** Removes causes and errors: a workflow receives the failure of another execution without them. */
export function withoutCauses({ name, message, code, stack }: Failure): FlatFailure {
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** Formats a failure with its stack, for the Restate UI. */
export function failureText({ name, stack, ...failure }: Failure): string {
  const text = `${name}: ${messageWithCauses(failure)}`;
  return stack === undefined ? text : `${text}\n${stack}`;
}

/** Formats a failure on one line: `fetch failed: connect ECONNREFUSED 127.0.0.1:80`. */
export function messageWithCauses({ message, cause }: Pick<Failure, "message" | "cause">): string {
  return cause === undefined ? message : `${message}: ${messageWithCauses(cause)}`;
}

/** The outcome of one operation. A failure is journaled and replayed like any result. */
export type Outcome =
  | { readonly ok: true; readonly value: JsonValue; readonly body?: Uint8Array }
  | { readonly ok: false; readonly error: OperationError };

/** A failure that may have one cause, which has a message and perhaps the operating system's code (`ECONNREFUSED`). */
export interface OperationError extends FlatFailure {
  readonly cause?: Pick<FlatFailure, "name" | "message" | "code">;
}

/** An outcome with its time on the host's clock, in milliseconds since the Unix epoch. */
export type TimedOutcome = Outcome & {
  readonly now: number;
  /** The number of attempts, if there was more than one. */
  readonly attempts?: number;
};

/** How a version behaves on a recording of another one. */
export const replayOutcomes = [
  "same",
  "otherResult",
  "different",
  "asksForMore",
  "endsEarlier",
  "throws",
  "notComparable",
] as const;

export type ReplayOutcome = (typeof replayOutcomes)[number];
