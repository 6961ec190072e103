import { DuraniumError, messageOf, toDuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";

/** A `DuraniumError` on its way between threads: cloning would keep neither its class nor its code. */
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
 * Bytes as they should be sent: cloning a view copies all of the buffer behind it, and Node's small
 * buffers share one.
 */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
