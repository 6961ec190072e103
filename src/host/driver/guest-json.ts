import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxJsonDepth } from "../../domain/limits.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses JSON that a guest wrote, which may be anything.
 *
 * @param what for the message: "the result", "the arguments of a fetch"
 * @throws {DuraniumError} `guest-protocol-violated`, `limit-exceeded` where it is nested too deep
 */
export function parseGuestJson(bytes: Uint8Array, what: string): JsonValue {
  const value = parse(bytes, what);
  if (!isDeeperThan(value, maxJsonDepth)) return value;
  throw new DuraniumError(
    "limit-exceeded",
    `The workflow nested ${what} deeper than ${maxJsonDepth} levels (maxJsonDepth)`,
  );
}

function parse(bytes: Uint8Array, what: string): JsonValue {
  try {
    return JSON.parse(strictUtf8.decode(bytes)) as JsonValue;
  } catch (error) {
    throw new DuraniumError("guest-protocol-violated", `The guest sent ${what} that is no JSON`, {
      cause: error,
    });
  }
}

/** Recurses as deep as `depth` and no deeper, whatever the guest sent. */
function isDeeperThan(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((each) => isDeeperThan(each, depth - 1));
}
