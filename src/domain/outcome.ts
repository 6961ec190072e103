import type { JsonValue } from "../base/json.ts";

/** Why something failed, as a workflow sees it. */
export interface FlatFailure {
  /** As `Error.name`: `TypeError`, `AbortError`… */
  readonly name: string;
  readonly message: string;
  /** A stable code where there is one. */
  readonly code?: string;
  /** Frames in the author's files, one a line: `at total (orders.ts:12:7)`. */
  readonly stack?: string;
}

/** Why something failed, as its reader sees it. */
export interface Failure extends FlatFailure {
  /** As `Error.cause`, at most `maxFailureCauses` in a row. */
  readonly cause?: Failure;
  /** As `AggregateError.errors`, the first `maxFailureErrors`. */
  readonly errors?: readonly Failure[];
}

/** A failure without its causes and errors: what a workflow gets of one in another execution. */
export function withoutCauses({ name, message, code, stack }: Failure): FlatFailure {
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** A failure in words, with its stack where it has one: as Restate shows how an execution failed. */
export function failureText({ name, stack, ...failure }: Failure): string {
  const text = `${name}: ${messageWithCauses(failure)}`;
  return stack === undefined ? text : `${text}\n${stack}`;
}

/** For where a failure has one line: `fetch failed: connect ECONNREFUSED 127.0.0.1:80`. */
export function messageWithCauses({ message, cause }: Pick<Failure, "message" | "cause">): string {
  return cause === undefined ? message : `${message}: ${messageWithCauses(cause)}`;
}

/** How one operation ended. Failing is a result like any other: it is journaled, and replays. */
export type Outcome =
  | { readonly ok: true; readonly value: JsonValue; readonly body?: Uint8Array }
  | { readonly ok: false; readonly error: OperationError };

/** A failure that may have one cause, which has a message and perhaps the operating system's code (`ECONNREFUSED`). */
export interface OperationError extends FlatFailure {
  readonly cause?: Pick<FlatFailure, "name" | "message" | "code">;
}

/** An outcome and when, by the host's clock in milliseconds since the Unix epoch, it was known. */
export type TimedOutcome = Outcome & {
  readonly now: number;
  /** How often it was tried, where that was more than once. */
  readonly attempts?: number;
};
