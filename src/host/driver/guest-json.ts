import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxJsonDepth } from "../../domain/limits.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses JSON from a guest, which is untrusted.
 *
 * @param what names the JSON in messages: "a result", "arguments of fetch"
 * @throws {DuraniumError} `guest-protocol-violated`, or `limit-exceeded` if it is nested too deeply
 */
export function parseGuestJson(bytes: Uint8Array, what: string): JsonValue {
  const value = parse(bytes, what);
  if (!isDeeperThan(value, maxJsonDepth)) return value;
  throw new DuraniumError(
    "limit-exceeded",
    `Workflow exceeded its limit of ${maxJsonDepth} levels of nesting in ${what} (maxJsonDepth)`,
  );
}

function parse(bytes: Uint8Array, what: string): JsonValue {
  try {
    return JSON.parse(strictUtf8.decode(bytes)) as JsonValue;
  } catch (error) {
    throw new DuraniumError("guest-protocol-violated", `The guest sent ${what} that is not valid JSON`, {
      cause: error,
    });
  }
}

/** Recurses at most `depth` levels, so that no value of a guest can overflow the stack. */
function isDeeperThan(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((each) => isDeeperThan(each, depth - 1));
}
