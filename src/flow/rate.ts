import type { RateLimit } from "../domain/flow/queue-limits.ts";

/**
 * The generic cell rate algorithm (ITU-T I.371): a bucket is one time, at which it is full again. Tokens are spaced evenly,
 * and `burst` of them are available at once after an idle time.
 */

/** Returns when the next token is available, in milliseconds since the Unix epoch. */
export function nextTokenAt(fullAt: number, rate: RateLimit): number {
  return Math.ceil(fullAt - (rate.burst - 1) * intervalOf(rate));
}

/** Returns the bucket after a token was taken. */
export function takeToken(fullAt: number, rate: RateLimit, now: number): number {
  return Math.max(fullAt, now) + intervalOf(rate);
}

function intervalOf({ limit, periodMs }: RateLimit): number {
  return periodMs / limit;
}
