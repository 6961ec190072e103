import { DuraniumError, errorCatalogue } from "../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../domain/errors.ts";
import type { Failure } from "../domain/outcome.ts";
import { failureSchema } from "./failure-schema.ts";

/**
 * Reads the errors that Restate returns. A terminal error has its code and diagnostics in Restate's error metadata, where
 * `restate/client/terminal-error.ts` writes them.
 */

/** The failure of an invocation: the body of an error of the ingress, or the `Output` of its journal. */
export interface RestateFailure {
  readonly code: number;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Restores the error that `toRestateError` converted. */
export function fromRestateFailure(failure: RestateFailure): DuraniumError {
  const { code, diagnostics } = failure.metadata ?? {};
  if (code === undefined || !isErrorCode(code)) return new DuraniumError("internal", failure.message);
  return new DuraniumError(code, failure.message, { diagnostics: parseDiagnostics(diagnostics) });
}

/** Restores the failure of an execution that `terminalFailure` wrote, or describes another end of the invocation. */
export function executionFailureOf(failure: RestateFailure): Failure {
  const written = failure.metadata?.["failure"];
  const parsed = written === undefined ? undefined : failureSchema.safeParse(parseJson(written));
  if (parsed?.success === true) return parsed.data;
  const code = failure.metadata?.["code"] ?? (failure.code === 409 ? "cancelled" : undefined);
  return {
    name: failure.code === 409 ? "CancelledError" : "Error",
    message: failure.message,
    ...(code === undefined ? {} : { code }),
  };
}

/** True if the text is a code of the catalogue. */
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
