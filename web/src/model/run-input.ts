import type { JsonValue } from "#base/json.ts";
import { maxIdempotencyKeyLength } from "#domain/limits.ts";

/** The input of a run as typed. */
export interface RunInput {
  /** Empty if there is none. */
  readonly entryPoint: string;
  /** JSON; empty means `null`. */
  readonly payload: string;
}

export type ParsedPayload =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly why: string };

/** The payload as a value, or why it is invalid as a sentence. */
export function parsePayload(text: string): ParsedPayload {
  if (text.trim() === "") return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { ok: false, why: `Invalid JSON: ${reasonOf(error)}` };
  }
}

/** Why an entry point is invalid, as a sentence; `undefined` if it is valid. Same rule as the API. */
export function whyNotEntryPoint(name: string): string | undefined {
  if (name === "" || /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/.test(name)) return undefined;
  return 'Use 1 to 128 letters, digits, ".", "_", ":", "/" and "-". Start with a letter or digit.';
}

/** Why an idempotency key is invalid, as a sentence; `undefined` if it is valid. Same rule as the API. */
export function whyNotIdempotencyKey(key: string): string | undefined {
  if (key === "" || (key.length <= maxIdempotencyKeyLength && /^[\x21-\x7e]+$/.test(key))) return undefined;
  return `Use 1 to ${maxIdempotencyKeyLength} printable ASCII characters without spaces.`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
