import { DuraniumError, errorCatalogue } from "../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../domain/errors.ts";
import type { Failure } from "../domain/outcome.ts";
import { failureSchema } from "./failure-schema.ts";

/**
 * How errors cross Restate, on the way back: a terminal error carries its code and diagnostics in Restate's error metadata.
 * `restate/client/terminal-error.ts` writes them.
 */

/** What a failed invocation left: the body of the ingress's error, or the `Output` of its journal. */
export interface RestateFailure {
  readonly code: number;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The error that `toRestateError` was given. */
export function fromRestateFailure(failure: RestateFailure): DuraniumError {
  const { code, diagnostics } = failure.metadata ?? {};
  if (code === undefined || !isErrorCode(code)) return new DuraniumError("internal", failure.message);
  return new DuraniumError(code, failure.message, { diagnostics: parseDiagnostics(diagnostics) });
}

/** Why an execution failed: what `terminalFailure` was given, or what else ended the invocation. */
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
