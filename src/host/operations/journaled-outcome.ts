import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { StepRecords } from "../../domain/execution.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { compressedBytes, decodeBody, encodeBody } from "../../journal/journaled-body.ts";
import type { CompressedBytes } from "../../journal/journaled-body.ts";

/**
 * Encodes an outcome for the journal, in a form that is readable in the Restate UI:
 *
 * - `{ok: true, now, attempts?, value, request?, attemptHistory?}`, and its body as `text` where that is UTF-8, else as
 *   `base64`, or `compressed` if it is long;
 * - `{ok: false, now, attempts?, error: {name, message, code?, stack?, cause?: {name, message, code?}},
 *   request?, attemptHistory?}`.
 *
 * `value` precedes the body, so that the status of a response is near the beginning of a long entry.
 *
 * `request` and `attemptHistory` are for the web UI and the API, and are not delivered to the workflow.
 *
 * Journals in flight contain outcomes in this form, so every later release must be able to read them.
 */
export function encodeOutcome(
  outcome: TimedOutcome,
  records: StepRecords = {},
  compressed?: CompressedBytes,
): JsonValue {
  const { now, attempts } = outcome;
  const facts = { now, ...(attempts === undefined ? {} : { attempts }) };
  const recorded = records as JsonObject;
  if (!outcome.ok) return { ok: false, ...facts, error: { ...outcome.error }, ...recorded };
  const { value, body } = outcome;
  if (compressed !== undefined)
    return { ok: true, ...facts, value, ...recorded, compressed: { ...compressed } };
  return { ok: true, ...facts, value, ...recorded, ...(body === undefined ? {} : encodeBody(body)) };
}

type JsonObject = Readonly<Record<string, JsonValue>>;

/** How bodies are compressed. A preview has no journal, so it does not compress. */
export interface BodyCompression {
  /** Returns undefined for a body that compression would not help. */
  readonly compress: (body: Uint8Array) => Promise<CompressedBytes | undefined>;
  /** @throws {Error} if this is not what `compress` returned */
  readonly decompress: (compressed: CompressedBytes) => Uint8Array;
}

/**
 * @param decompress required if bodies were compressed when the outcome was written
 * @throws {DuraniumError} `internal` if `encodeOutcome` cannot have written this
 */
export function decodeOutcome(json: JsonValue, decompress?: BodyCompression["decompress"]): TimedOutcome {
  const parsed = journaledOutcome.safeParse(json);
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error));
  const { request: _request, attemptHistory: _attemptHistory, ...written } = parsed.data;
  if (!written.ok) return written;
  const { text, base64, compressed, ...outcome } = written;
  const body = bodyIn({ text, base64, compressed }, decompress);
  return { ...outcome, ...(body === undefined ? {} : { body }) };
}

interface WrittenBody {
  readonly text: string | undefined;
  readonly base64: string | undefined;
  readonly compressed: CompressedBytes | undefined;
}

function bodyIn(
  { text, base64, compressed }: WrittenBody,
  decompress: BodyCompression["decompress"] | undefined,
): Uint8Array | undefined {
  const forms = [text, base64, compressed].filter((form) => form !== undefined);
  if (forms.length > 1) throw unreadable("it has two bodies");
  if (compressed !== undefined) return decompressed(compressed, decompress);
  if (text !== undefined) return decodeBody({ text });
  if (base64 === undefined) return undefined;
  const body = decodeBody({ base64 });
  if (body === undefined) throw unreadable("its body is not base64");
  return body;
}

function decompressed(
  compressed: CompressedBytes,
  decompress: BodyCompression["decompress"] | undefined,
): Uint8Array {
  try {
    if (decompress !== undefined) return decompress(compressed);
  } catch (cause) {
    throw unreadable("its body cannot be decompressed", cause);
  }
  throw unreadable("its body is compressed");
}

const records = { request: z.unknown().optional(), attemptHistory: z.unknown().optional() };

const journaledOutcome = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    now: z.number(),
    attempts: z.int().exactOptional(),
    ...records,
    // `JSON.parse` returned this value, so validating that it is JSON would be wasted time.
    value: z.custom<JsonValue>((value) => value !== undefined),
    text: z.string().optional(),
    base64: z.string().optional(),
    compressed: compressedBytes.optional(),
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

function unreadable(why: string, cause?: unknown): DuraniumError {
  const message = `Cannot read the outcome of an operation from the journal: ${why}`;
  return new DuraniumError("internal", message, { cause });
}
