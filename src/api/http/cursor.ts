import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";

/** Validates the content of a cursor, as a Zod schema does: `parse` returns the value or throws. */
export interface CursorShape<T> {
  parse(value: unknown): T;
}

/** Encodes a place in a list as an opaque text for clients. */
export function encodeCursor(value: JsonValue): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/**
 * Decodes a cursor. Clients can send any text, so `shape` validates its content.
 *
 * @throws {DuraniumError} `invalid-cursor`
 */
export function decodeCursor<T>(text: string, shape: CursorShape<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (cause) {
    throw new DuraniumError(
      "invalid-cursor",
      "Cannot read the cursor: use an unchanged cursor of this list, or none to start from the beginning",
      { cause },
    );
  }
}
