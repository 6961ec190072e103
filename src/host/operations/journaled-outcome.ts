import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Step } from "../../domain/execution.ts";
import { decodeBody, encodeBody } from "../../journal/journaled-body.ts";
import type { CompressedBytes } from "../../journal/journaled-body.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";

/**
 * The form in which an outcome stands in the journal, where people read it:
 *
 * - `{ok: true, now, attempts?, value, request?, attemptHistory?}`, and its body as `text` where that is UTF-8, else as
 *   `base64`, or `compressed` if it is long;
 * - `{ok: false, now, attempts?, error: {name, message, code?, stack?, cause?: {name, message, code?}},
 *   request?, attemptHistory?}`.
 *
 * `value` comes first, so that the status of a response is near the beginning of a long entry.
 *
 * `request` and `attemptHistory` are for those who look at the execution: they are no part of what a replay delivers.
 *
 * Executions in flight hold outcomes in this form: what was once written must be readable for ever.
 */
export function encodeOutcome(
  outcome: TimedOutcome,
  records: OutcomeRecords = {},
  compressed?: CompressedBytes,
): JsonValue {
  const { now, attempts } = outcome;
  const facts = { now, ...(attempts === undefined ? {} : { attempts }) };
  const told = records as JsonObject;
  if (!outcome.ok) return { ok: false, ...facts, error: { ...outcome.error }, ...told };
  const { value, body } = outcome;
  if (compressed !== undefined) return { ok: true, ...facts, value, ...told, compressed: { ...compressed } };
  return { ok: true, ...facts, value, ...told, ...(body === undefined ? {} : encodeBody(body)) };
}

/** How an outcome came about. */
export type OutcomeRecords = Pick<Step, "request" | "attemptHistory">;

type JsonObject = Readonly<Record<string, JsonValue>>;

/** How bodies are compressed. A preview has no journal, and no compression. */
export interface BodyCompression {
  /** @returns `undefined` for a body that is better left as it is */
  readonly compress: (body: Uint8Array) => Promise<CompressedBytes | undefined>;
  /** @throws {Error} if this is not what `compress` returned */
  readonly decompress: (compressed: CompressedBytes) => Uint8Array;
}

/**
 * @param decompress required if bodies were compressed when the outcome was written
 * @throws {DuraniumError} `internal`: this is no outcome that `encodeOutcome` wrote
 */
export function decodeOutcome(json: JsonValue, decompress?: BodyCompression["decompress"]): TimedOutcome {
  const parsed = journaledOutcome.safeParse(json);
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error));
  const { request: _request, attemptHistory: _attemptHistory, ...told } = parsed.data;
  if (!told.ok) return told;
  const { text, base64, compressed, ...outcome } = told;
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
    // What `JSON.parse` or Restate's own serde gave is JSON already: walking it would prove nothing.
    value: z.custom<JsonValue>((value) => value !== undefined),
    text: z.string().optional(),
    base64: z.string().optional(),
    compressed: z.strictObject({ bytes: z.number(), zstd: z.string() }).optional(),
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
