import { bucketOf } from "./lanes.ts";
import { nextTokenAt, takeToken } from "./rate.ts";
import { limitsOf } from "./run.ts";
import type { QueueRun } from "./run.ts";

/**
 * Takes the next token of a rate ahead of what waits, for a request that cannot be queued: one that has started already and
 * sends another one, such as a retry. Returns when that may start, in milliseconds since the Unix epoch.
 *
 * @param by the latest time that the caller can wait for; no token later than that is taken
 */
export async function book(run: QueueRun, key: string, by: number): Promise<{ readonly at: number } | null> {
  const { rate } = limitsOf(run);
  const opensAt = Math.max(run.now, run.core.heldUntil ?? 0);
  if (rate === undefined) return opensAt > by ? null : { at: opensAt };
  const bucket = await bucketOf(run, key);
  const at = Math.max(opensAt, nextTokenAt(bucket.fullAt, rate));
  if (at > by) return null;
  run.tx.set(`t/${key}`, { ...bucket, fullAt: takeToken(bucket.fullAt, rate, at) });
  return { at };
}
