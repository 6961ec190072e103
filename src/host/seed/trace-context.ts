import { toHex } from "../../base/bytes.ts";
import { keystreamBytes } from "../../base/keystream.ts";

/** W3C Trace Context, section 3.2: version 00, trace id, parent id, flags. */
const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export function isTraceparent(text: string): boolean {
  return traceparentForm.test(text);
}

/** The purpose of the keystream for trace ids. The guest uses other numbers. */
const tracePurpose = 1_000;
const spanIdBytes = 8;

/**
 * The `traceparent` of one fetch: the trace id and flags of the execution, and a span id that is derived from the seed and
 * the number of the fetch. So every attempt and every replay sends the same one.
 *
 * @param traceparent the journaled header of the execution
 * @param seed 32 bytes
 * @param fetchNumber 0, 1, 2… in the order of the fetches
 */
export function traceparentOfFetch(
  traceparent: string,
  { seed, fetchNumber }: { readonly seed: Uint8Array; readonly fetchNumber: number },
): string | undefined {
  const [, traceId, , flags] = traceparentForm.exec(traceparent) ?? [];
  if (traceId === undefined || flags === undefined) return undefined;
  const start = fetchNumber * spanIdBytes;
  const spanId = toHex(keystreamBytes(seed, tracePurpose, { start, end: start + spanIdBytes }));
  return `00-${traceId}-${spanId}-${flags}`;
}

/** Returns the span id, or undefined if there is none. */
export function spanIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : traceparentForm.exec(traceparent)?.[2];
}
