import type { JsonValue } from "#base/json.ts";
import { maxIdempotencyKeyLength } from "#domain/limits.ts";

/** What a run is begun with, as it is typed. */
export interface RunInput {
  /** Empty where there is none. */
  readonly entryPoint: string;
  /** JSON; nothing at all means `null`. */
  readonly payload: string;
}

export type ParsedPayload =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly why: string };

/** The payload as a value; where it is none, a sentence says what is wrong with it. */
export function parsePayload(text: string): ParsedPayload {
  if (text.trim() === "") return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { ok: false, why: `Invalid JSON: ${reasonOf(error)}` };
  }
}

/** Why an entry point cannot be this, as a sentence; `undefined` where it can. The rule is the API's. */
export function whyNotEntryPoint(name: string): string | undefined {
  if (name === "" || /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/.test(name)) return undefined;
  return 'An entry point has 1 to 128 letters, digits, ".", "_", ":", "/" and "-", and begins with a letter or digit.';
}

/** Why an idempotency key cannot be this, as a sentence; `undefined` where it can. The rule is the API's. */
export function whyNotIdempotencyKey(key: string): string | undefined {
  if (key === "" || (key.length <= maxIdempotencyKeyLength && /^[\x21-\x7e]+$/.test(key))) return undefined;
  return `Use 1 to ${maxIdempotencyKeyLength} printable ASCII characters without spaces.`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
