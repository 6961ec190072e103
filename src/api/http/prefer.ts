import { maxWaitSeconds } from "../../domain/limits.ts";

/**
 * How many seconds a `Prefer: wait=N` asks to be waited (RFC 7240, section 4.3), `maxWaitSeconds` at most.
 * `undefined` where it asks for no waiting. As the RFC has it, the first of several counts, and what is not
 * understood is ignored.
 */
export function parsePreferWait(header: string | undefined): number | undefined {
  if (header === undefined || header.length > maxPreferLength) return undefined;
  for (const preference of header.match(preferencePattern) ?? []) {
    const [, name, value = ""] = namePattern.exec(preference) ?? [];
    if (name?.toLowerCase() !== "wait") continue;
    return /^\d+$/.test(value) ? Math.min(Number(value), maxWaitSeconds) : undefined;
  }
  return undefined;
}

/** Bounds the work of the patterns below; a sincere header has some 20 characters. */
const maxPreferLength = 1_000;

/** What stands between commas, where those in quoted strings do not count. */
const preferencePattern = /(?:"(?:[^"\\]|\\.)*"|[^,])+/g;

/** `name`, `name=value` or `name="value"`, and then parameters, which `wait` has none of. */
const namePattern = /^\s*([^\s=;"]+)\s*(?:=\s*"?([^\s";]*)"?\s*(?=;|$))?/;
