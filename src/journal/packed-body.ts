import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { packAboveLength } from "../domain/limits.ts";
import { packText, parsePackedText, unpackText } from "./packed-text.ts";
import type { PackedText } from "./packed-text.ts";

/**
 * Bodies of outcomes in the journal are compressed where they are large. All of a journal is handed to the executor whenever
 * its execution goes on, and a body of 16 MiB of base64 holds up everybody's writes in Restate for as long as it takes.
 *
 * `text` or `base64` of an outcome is replaced by `packed`, a `PackedText` with that name as its form.
 */

/** The outcome as it is to be journaled. What does not shrink by a fourth stays as it is. */
export async function packBody(outcome: JsonValue): Promise<JsonValue> {
  const found = bodyOf(outcome);
  if (found === undefined || found.body.length <= packAboveLength) return outcome;
  const packed = await packText(found.form, found.body);
  return packed === undefined ? outcome : { ...found.rest, packed: { ...packed } };
}

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

function unpack(packed: PackedText): string {
  try {
    return unpackText(packed);
  } catch (cause) {
    throw new DuraniumError("internal", "Cannot read a body from the journal: it is not as it was packed", {
      cause,
    });
  }
}

/** What is packed in an outcome; `undefined` where nothing is. */
export function packedOf(outcome: JsonValue | undefined): PackedText | undefined {
  return isObject(outcome) ? parsePackedText(outcome["packed"]) : undefined;
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
