import * as restate from "@restatedev/restate-sdk";
import { DuraniumError, errorCatalogue, toDuraniumError } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { maxFailureBytes } from "../../domain/limits.ts";
import { failureText } from "../../domain/outcome.ts";
import type { Failure } from "../../domain/outcome.ts";

/**
 * How errors cross Restate. A terminal error carries its code, and what else there is to tell, in
 * Restate's error metadata; the message is what people read in the Restate UI.
 */

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
export async function withRestateErrors<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DuraniumError) throw toRestateError(error);
    throw error;
  }
}

/** The end of an execution whose own code failed. */
export function terminalFailure(code: ErrorCode, failure: Failure): restate.TerminalError {
  return new restate.TerminalError(failureText(failure).slice(0, maxFailureBytes), {
    errorCode: errorCatalogue[code].status,
    metadata: { code, failure: JSON.stringify({ code, ...failure }) },
  });
}
