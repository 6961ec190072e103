import { DuraniumError, messageOf, toDuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";

/** A `DuraniumError` that is sent between threads: structured cloning would lose its class and its code. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function sendError(thrown: unknown): SentError {
  const { code, message, cause, diagnostics } = toDuraniumError(thrown);
  return { code, message, cause: cause === undefined ? undefined : messageOf(cause), diagnostics };
}

export function receiveError({ code, message, cause, diagnostics }: SentError): DuraniumError {
  return new DuraniumError(code, message, { cause, diagnostics });
}

/**
 * Returns a copy without the rest of the buffer. Cloning a view copies its whole buffer, and Node's small
 * buffers share one.
 */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
