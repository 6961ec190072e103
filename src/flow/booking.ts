import { bucketOf, storeTaken } from "./buckets.ts";
import { nextTokenAt, takeToken } from "./rate.ts";
import { limitsOf } from "./run.ts";
import type { QueueRun } from "./run.ts";

/** When a booked token may be used, or when to ask again. Milliseconds since the Unix epoch. */
export type Booking = { readonly at: number } | { readonly retryAt: number };

/**
 * Takes the next token of a rate ahead of what waits, for a request that cannot be queued: one that has started already and
 * sends another one, such as a retry or a redirect. Such requests must not starve those that wait, now or later. So one token at a
 * time is booked ahead, and where executions wait for tokens, one of them gets the next one after each booking.
 *
 * @param by the latest time that the caller can wait for; no token later than that is taken
 */
export async function book(run: QueueRun, key: string, by: number): Promise<Booking | null> {
  const { rate } = limitsOf(run);
  const opensAt = Math.max(run.now, run.core.heldUntil ?? 0);
  if (rate === undefined) return opensAt > by ? null : { at: opensAt };
  const bucket = await bucketOf(run, key);
  const at = Math.max(opensAt, nextTokenAt(bucket.fullAt, rate));
  if (at > by) return null;
  const { bookedAt } = bucket;
  const isQueued = bucket.head < bucket.tail;
  if (bookedAt !== undefined && (isQueued || bookedAt > run.now)) return { retryAt: Math.max(at, run.now) };
  await storeTaken(run, key, { ...bucket, fullAt: takeToken(bucket.fullAt, rate, at), bookedAt: at });
  return { at };
}
