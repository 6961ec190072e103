import { digestOf } from "../../base/sha256.ts";
import type { JsonValue } from "../../base/json.ts";
import { maxFlowKeyLength } from "../automation/flow-limits.ts";
import type { FlowKey } from "../automation/flow-settings.ts";

/** What a key is computed from. */
export interface KeySource {
  readonly payload: JsonValue;
  readonly entryPoint: string | undefined;
}

/** The key that stands for the entry point. JSON pointers begin with a slash, so it cannot be one. */
const entryPointKey = "entryPoint";

/**
 * Computes a key. A text stands for itself, other values for their JSON, and a missing value for `null`. The parts of a key
 * are joined with commas, and a long key is shortened.
 */
export function keyText(key: FlowKey, source: KeySource): string {
  const parts = typeof key === "string" ? [key] : key;
  const text = parts.map((part) => partText(part, source)).join(",");
  return text.length <= maxFlowKeyLength ? text : `${text.slice(0, maxFlowKeyLength - 18)}…#${digest(text)}`;
}

function partText(part: string, { payload, entryPoint }: KeySource): string {
  if (part === entryPointKey) return entryPoint ?? "";
  const value = valueAt(payload, part);
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** Returns the number at the key, or undefined if there is none. */
export function keyNumber(key: string, source: KeySource): number | undefined {
  const value = valueAt(source.payload, key);
  return typeof value === "number" ? value : undefined;
}

/** Follows a JSON pointer (RFC 6901). */
function valueAt(value: JsonValue, pointer: string): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, JsonValue>>)[name];
  }
  return found;
}

/** 64 bits, because a key with the digest of another one shares its limit, and nothing else follows from that. */
function digest(text: string): string {
  return digestOf(text).slice(0, 16);
}
