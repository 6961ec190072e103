import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { maxFetchResponseBytes, packBodyAboveLength } from "../domain/limits.ts";

/**
 * Bodies of outcomes in the journal are compressed where they are large. All of a journal is handed to the executor whenever
 * its execution goes on, and a body of 16 MiB of base64 holds up everybody's writes in Restate for as long as it takes.
 *
 * `text` or `base64` of an outcome is replaced by `packed: {form, length, zstd}`: its name, its length in characters, and
 * Zstandard (RFC 8878) of it in base64. Executions in flight hold this form: it must be readable for ever.
 */
interface Packed {
  readonly form: "text" | "base64";
  readonly length: number;
  readonly zstd: string;
}

const compress = promisify(zstdCompress);

/** Of bodies there are many, and time counts more than room. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The outcome as it is to be journaled. What does not shrink by a fourth stays as it is. */
export async function packBody(outcome: JsonValue): Promise<JsonValue> {
  const found = bodyOf(outcome);
  if (found === undefined || found.body.length <= packBodyAboveLength) return outcome;
  const { form, body, rest } = found;
  const zstd = (await compress(Buffer.from(body, encodingOf[form]), fastest)).toString("base64");
  if (zstd.length > 0.75 * body.length) return outcome;
  return { ...rest, packed: { form, length: body.length, zstd } };
}

const encodingOf = { text: "utf8", base64: "base64" } as const;

function bodyOf(outcome: JsonValue) {
  if (!isObject(outcome) || outcome["ok"] !== true) return undefined;
  const { text, base64, ...rest } = outcome;
  if (typeof text === "string") return { form: "text", body: text, rest } as const;
  if (typeof base64 === "string") return { form: "base64", body: base64, rest } as const;
  return undefined;
}

/**
 * The outcome as it was before it was packed; one that was not is returned as it is.
 *
 * @throws {DuraniumError} `internal`: nothing that `packBody` wrote
 */
export function unpackBody(outcome: JsonValue): JsonValue {
  const packed = packedOf(outcome);
  if (packed === undefined || !isObject(outcome)) return outcome;
  const { packed: _packed, ...rest } = outcome;
  return { ...rest, [packed.form]: unpack(packed) };
}

function unpack({ form, length, zstd }: Packed): string {
  try {
    const bytes = zstdDecompressSync(Buffer.from(zstd, "base64"), { maxOutputLength: maxPackedBytes });
    const body = bytes.toString(encodingOf[form]);
    if (body.length === length) return body;
  } catch (cause) {
    throw unreadable({ cause });
  }
  throw unreadable();
}

/** UTF-8 of the longest text of a body is no longer than the body. */
const maxPackedBytes = maxFetchResponseBytes;

/** What is packed in an outcome; `undefined` where nothing is. */
export function packedOf(outcome: JsonValue | undefined): Packed | undefined {
  const packed = isObject(outcome) ? outcome["packed"] : undefined;
  if (!isObject(packed)) return undefined;
  const { form, length, zstd } = packed;
  if ((form !== "text" && form !== "base64") || typeof length !== "number" || typeof zstd !== "string")
    return undefined;
  return { form, length, zstd };
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(options: { cause?: unknown } = {}): DuraniumError {
  return new DuraniumError(
    "internal",
    "Cannot read a body from the journal: it is not as it was packed",
    options,
  );
}
