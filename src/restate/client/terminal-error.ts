import * as restate from "@restatedev/restate-sdk";
import { DuraniumError, errorCatalogue, toDuraniumError } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { maxFailureBytes } from "../../domain/limits.ts";
import { failureText } from "../../domain/outcome.ts";
import type { Failure } from "../../domain/outcome.ts";

/**
 * How errors are written to Restate. A terminal error carries its code and diagnostics, or its failure, in Restate's error
 * metadata. Its message is for readers of the Restate UI.
 */

/** Converts an error to one that ends the invocation or, if the catalogue says that it is retryable, to one that Restate retries. */
export function toRestateError(error: unknown): Error {
  const known = toDuraniumError(error);
  if (known.retryable) return new Error(`${known.code}: ${known.message}`, { cause: known.cause });
  return new restate.TerminalError(known.message, {
    errorCode: known.status,
    metadata: { code: known.code, diagnostics: JSON.stringify(known.diagnostics) },
  });
}

/** Converts errors of the catalogue that `body` throws. Restate retries all other errors. */
export async function withRestateErrors<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DuraniumError) throw toRestateError(error);
    throw error;
  }
}

/** The error that ends an execution whose workflow failed or was cancelled. */
export function terminalFailure(code: ErrorCode, failure: Failure): restate.TerminalError {
  return new restate.TerminalError(failureText(failure).slice(0, maxFailureBytes), {
    errorCode: errorCatalogue[code].status,
    metadata: { code, failure: JSON.stringify({ code, ...failure }) },
  });
}
