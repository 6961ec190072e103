import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";

/** What a cursor must hold, such as a Zod schema: `parse` answers with the value or throws. */
export interface CursorShape<T> {
  parse(value: unknown): T;
}

/** The place in a list as a text that callers hand back and need not understand. */
export function encodeCursor(value: JsonValue): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/**
 * What `encodeCursor` was given. A cursor comes from outside: only `shape` says what is in it.
 *
 * @throws {DuraniumError} `invalid-cursor`
 */
export function decodeCursor<T>(text: string, shape: CursorShape<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (cause) {
    throw new DuraniumError(
      "invalid-cursor",
      "Cannot read the cursor: pass one that this list answered with, unchanged, or none to begin anew",
      { cause },
    );
  }
}
