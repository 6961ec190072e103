import type { Bucket, Places } from "./queue-records.ts";
import { updateCore } from "./run.ts";
import type { QueueRun } from "./run.ts";

/**
 * The token buckets of a queue, one for each key of its rate. A key may have any number of values, and each of them may occur once, so
 * buckets that are full again must not stay: they are in a list, and each token that is taken checks the first ones of it.
 */

const noPlaces: Places = { head: 0, tail: 0 };
const freshBucket: Bucket = { ...noPlaces, fullAt: 0 };

/** Buckets that are checked for each token: more than one, so that the list shrinks while new keys arrive. */
const checkedPerToken = 2;

export async function bucketOf(run: QueueRun, key: string): Promise<Bucket> {
  return (await run.tx.get<Bucket>(`t/${key}`)) ?? freshBucket;
}

/** Stores a bucket. A new one is appended to the list. */
export function storeBucket(run: QueueRun, key: string, bucket: Bucket): void {
  if (bucket.place === undefined) append(run, key, bucket);
  else run.tx.set(`t/${key}`, bucket);
}

function append(run: QueueRun, key: string, bucket: Bucket): void {
  const { head, tail } = run.core.buckets ?? noPlaces;
  run.tx.add(`tk/${tail}`, key);
  run.tx.set(`t/${key}`, { ...bucket, place: tail });
  updateCore(run, { buckets: { head, tail: tail + 1 } });
}

/** Stores a bucket after a token was taken from it, and removes others that are full. */
export async function storeTaken(run: QueueRun, key: string, bucket: Bucket): Promise<void> {
  storeBucket(run, key, bucket);
  const { tail } = run.core.buckets ?? noPlaces;
  for (let checked = 0; checked < checkedPerToken; checked += 1) {
    const { head } = run.core.buckets ?? noPlaces;
    if (head >= tail) return;
    await checkFirst(run, head);
  }
}

async function checkFirst(run: QueueRun, place: number): Promise<void> {
  const { tail } = run.core.buckets ?? noPlaces;
  const key = await run.tx.get<string>(`tk/${place}`);
  updateCore(run, { buckets: { head: place + 1, tail } });
  if (key === undefined) return;
  run.tx.remove(`tk/${place}`);
  const bucket = await run.tx.get<Bucket>(`t/${key}`);
  if (bucket === undefined) return;
  if (isUsed(run, bucket)) append(run, key, bucket);
  else run.tx.remove(`t/${key}`);
}

/** A bucket that is full, and at which nothing waits, is the same as none. */
export function forgetIfFull(run: QueueRun, key: string, bucket: Bucket): void {
  if (isUsed(run, bucket)) return storeBucket(run, key, bucket);
  run.tx.remove(`t/${key}`);
  if (bucket.place !== undefined) run.tx.remove(`tk/${bucket.place}`);
}

function isUsed({ now }: QueueRun, { head, tail, fullAt, wakeAt }: Bucket): boolean {
  return head < tail || wakeAt !== undefined || fullAt > now;
}
