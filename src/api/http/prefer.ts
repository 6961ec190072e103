import { maxWaitSeconds } from "../contract/limits.ts";

/**
 * The number of seconds to wait by `Prefer: wait=N` (RFC 7240, section 4.3), at most `maxWaitSeconds`. `undefined`
 * without such a preference. According to the RFC, the first of several applies, and invalid ones are ignored.
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

/** Limits the work of the patterns below. A usual header is far shorter. */
const maxPreferLength = 1_000;

/** An element of a comma-separated list; commas in quoted strings do not separate. */
const preferencePattern = /(?:"(?:[^"\\]|\\.)*"|[^,])+/g;

/** `name`, `name=value` or `name="value"`, followed by parameters, which `wait` does not have. */
const namePattern = /^\s*([^\s=;"]+)\s*(?:=\s*"?([^\s";]*)"?\s*(?=;|$))?/;
