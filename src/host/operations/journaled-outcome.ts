import { z } from "zod";
import { fromBase64, toBase64 } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Step } from "../../domain/execution.ts";
import { maxFetchResponseBytes } from "../../domain/limits.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";

/**
 * The form in which an outcome stands in the journal, where people read it:
 *
 * - `{ok: true, now, attempts?, value, request?, attemptLog?}`, and its body as `text` where that is UTF-8, else as
 *   `base64`;
 * - `{ok: false, now, attempts?, error: {name, message, code?, stack?, cause?: {name, message, code?}},
 *   request?, attemptLog?}`.
 *
 * `value` comes first, so that the status of a response is near the beginning of a long entry.
 *
 * `request` and `attemptLog` are for those who look at the execution: they are no part of what a replay delivers.
 *
 * Executions in flight hold outcomes in this form: what was once written must be readable for ever.
 */
export function encodeOutcome(outcome: TimedOutcome, records: OutcomeRecords = {}): JsonValue {
  const { now, attempts } = outcome;
  const facts = { now, ...(attempts === undefined ? {} : { attempts }) };
  const told = records as JsonObject;
  if (!outcome.ok) return { ok: false, ...facts, error: { ...outcome.error }, ...told };
  const { value, body } = outcome;
  return { ok: true, ...facts, value, ...told, ...(body === undefined ? {} : encodeBody(body)) };
}

/** How an outcome came about. */
export type OutcomeRecords = Pick<Step, "request" | "attemptLog">;

type JsonObject = Readonly<Record<string, JsonValue>>;

/** @throws {DuraniumError} `internal`: this is no outcome that `encodeOutcome` wrote */
export function decodeOutcome(json: JsonValue): TimedOutcome {
  const parsed = journaledOutcome.safeParse(json);
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error));
  const { request: _request, attemptLog: _attemptLog, ...told } = parsed.data;
  if (!told.ok) return told;
  const { text, base64, ...outcome } = told;
  const body = decodeBody(text, base64);
  return { ...outcome, ...(body === undefined ? {} : { body }) };
}

const records = { request: z.unknown().optional(), attemptLog: z.unknown().optional() };

const journaledOutcome = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    now: z.number(),
    attempts: z.int().exactOptional(),
    ...records,
    // What `JSON.parse` or Restate's own serde gave is JSON already: walking it would prove nothing.
    value: z.custom<JsonValue>((value) => value !== undefined),
    text: z.string().optional(),
    base64: z.string().optional(),
  }),
  z.strictObject({
    ok: z.literal(false),
    now: z.number(),
    attempts: z.int().exactOptional(),
    ...records,
    error: z.strictObject({
      name: z.string(),
      message: z.string(),
      code: z.string().exactOptional(),
      stack: z.string().exactOptional(),
      cause: z
        .strictObject({ name: z.string(), message: z.string(), code: z.string().exactOptional() })
        .exactOptional(),
    }),
  }),
]);

// Keeping the byte order mark makes decoding exact: valid UTF-8 in, the same bytes out.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function encodeBody(body: Uint8Array): { readonly text: string } | { readonly base64: string } {
  const text = fitsAsJson(body) ? textOf(body) : undefined;
  return text === undefined ? { base64: toBase64(body) } : { text };
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(body);
  } catch {
    return undefined;
  }
}

/**
 * JSON escapes a control character with six bytes; no text may take more room than the largest base64. Counted without making
 * the text, which would take six times the memory.
 */
function fitsAsJson(utf8: Uint8Array): boolean {
  const maxEncodedBytes = Math.ceil(maxFetchResponseBytes / 3) * 4;
  let encodedBytes = utf8.length + '""'.length;
  if (utf8.length * 6 <= maxEncodedBytes) return true;
  for (let at = 0; at < utf8.length && encodedBytes <= maxEncodedBytes; at += 1) {
    encodedBytes += addedByEscape[utf8[at] ?? 0] ?? 0;
  }
  return encodedBytes <= maxEncodedBytes;
}

/** How many bytes more than one each byte takes in a JSON string: of UTF-8, only ASCII is escaped. */
const addedByEscape = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 ? JSON.stringify(String.fromCharCode(byte)).length - '""'.length - 1 : 0,
);

function decodeBody(text: string | undefined, base64: string | undefined): Uint8Array | undefined {
  if (text !== undefined && base64 !== undefined) throw unreadable("it has two bodies");
  if (text !== undefined) return new TextEncoder().encode(text);
  if (base64 === undefined) return undefined;
  const bytes = bytesIn(base64);
  // Reading is lenient, and what was written has one form.
  if (bytes === undefined || toBase64(bytes) !== base64) throw unreadable("its body is not base64");
  return bytes;
}

function bytesIn(base64: string): Uint8Array | undefined {
  try {
    return fromBase64(base64);
  } catch {
    return undefined;
  }
}

function unreadable(why: string): DuraniumError {
  return new DuraniumError("internal", `Cannot read the outcome of an operation from the journal: ${why}`);
}
