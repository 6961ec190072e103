import * as restate from "@restatedev/restate-sdk";
import { DuraniumError, errorCatalogue, toDuraniumError } from "../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../domain/errors.ts";
import { maxFailureBytes } from "../domain/limits.ts";
import { failureText } from "../domain/outcome.ts";
import type { Failure } from "../domain/outcome.ts";
import { failureSchema } from "../host/failure-schema.ts";

/**
 * How errors cross Restate. A terminal error carries its code, and what else there is to tell, in
 * Restate's error metadata; the message is what people read in the Restate UI.
 */

/** What a failed invocation left: the body of the ingress's error, or the `Output` of its journal. */
export interface RestateFailure {
  readonly code: number;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An error that ends the invocation, or one that Restate retries: as the catalogue says. */
export function toRestateError(error: unknown): Error {
  const known = toDuraniumError(error);
  if (known.retryable) return new Error(`${known.code}: ${known.message}`, { cause: known.cause });
  return new restate.TerminalError(known.message, {
    errorCode: known.status,
    metadata: { code: known.code, diagnostics: JSON.stringify(known.diagnostics) },
  });
}

/** Runs what may throw errors of the catalogue; others are Restate's to repeat. */
export async function translated<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DuraniumError) throw toRestateError(error);
    throw error;
  }
}

/** The end of an execution whose own code failed. */
export function executionFailed(code: ErrorCode, failure: Failure): restate.TerminalError {
  return new restate.TerminalError(failureText(failure).slice(0, maxFailureBytes), {
    errorCode: errorCatalogue[code].status,
    metadata: { code, failure: JSON.stringify({ code, ...failure }) },
  });
}

/** The error that `toRestateError` was given. */
export function fromRestateFailure(failure: RestateFailure): DuraniumError {
  const { code, diagnostics } = failure.metadata ?? {};
  if (code === undefined || !isErrorCode(code)) return new DuraniumError("internal", failure.message);
  return new DuraniumError(code, failure.message, { diagnostics: parseDiagnostics(diagnostics) });
}

/** Why an execution failed: what `executionFailed` was given, or what else ended the invocation. */
export function executionFailureOf(failure: RestateFailure): Failure {
  const told = failure.metadata?.["failure"];
  const parsed = told === undefined ? undefined : failureSchema.safeParse(parseJson(told));
  if (parsed?.success === true) return parsed.data;
  const code = failure.metadata?.["code"] ?? (failure.code === 409 ? "cancelled" : undefined);
  return {
    name: failure.code === 409 ? "CancelledError" : "Error",
    message: failure.message,
    ...(code === undefined ? {} : { code }),
  };
}

/** Whether a text is a code of the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

function parseDiagnostics(text: string | undefined): Diagnostic[] {
  const parsed = text === undefined ? undefined : parseJson(text);
  return Array.isArray(parsed) ? (parsed as Diagnostic[]) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
