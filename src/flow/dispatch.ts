import type { JsonValue } from "../base/json.ts";
import { maxGrantsPerRequest } from "../domain/automation/flow-limits.ts";
import { bucketOf, storeTaken } from "./buckets.ts";
import {
  callForKey,
  callForToken,
  keyRecord,
  scheduleWakeUp,
  storeKey,
  storeLane,
  takeFirst,
  waitForKey,
  waitForToken,
} from "./lanes.ts";
import { addressOf, executionOf, hasStarted, numberOf } from "./queue-records.ts";
import type { Holder, Lane, Ticket, Waiting } from "./queue-records.ts";
import { nextTokenAt, takeToken } from "./rate.ts";
import { countPasses, enterRing, takeLane } from "./rings.ts";
import { answer, limitsOf, updateCore } from "./run.ts";
import type { QueueRun } from "./run.ts";

/**
 * Grants slots while there are free ones.
 *
 * Invariants:
 *
 * 1. No limit is exceeded: a grant checks the total, then the key, then the bucket, and counts in all of them.
 * 2. A lane with waiting executions is in its ring, or waits at a key without a free slot, or at a bucket without a token
 *    whose wake-up is scheduled. So it is found again when that changes.
 * 3. Executions of one lane start in its order; the lanes of one priority take turns.
 */
export async function dispatch(run: QueueRun): Promise<void> {
  for (let grants = 0; isOpen(run);) {
    if (grants === maxGrantsPerRequest) {
      run.effects.push({ kind: "wake", wake: { kind: "dispatch" }, at: run.now });
      return;
    }
    const name = await takeLane(run);
    if (name === undefined) return;
    const lane = await run.tx.get<Lane>(`l/${name}`);
    if (lane === undefined) continue;
    if (lane.count === 0) await passOver(run, name, lane);
    else if (await isGranted(run, name, lane)) grants += 1;
  }
}

function isOpen(run: QueueRun): boolean {
  const { total } = limitsOf(run);
  const { running, heldUntil = 0 } = run.core;
  return (total === undefined || running < total) && heldUntil <= run.now;
}

/** Deletes a lane whose executions are all gone. Others may use the slot or the token that it was called for. */
async function passOver(run: QueueRun, name: string, lane: Lane): Promise<void> {
  storeLane(run, name, { ...lane, place: "none" });
  await callForKey(run, lane.key);
  await attendBucket(run, lane);
}

/** Grants a slot to the first execution of a lane, or lets the lane wait at what blocks it. */
async function isGranted(run: QueueRun, name: string, lane: Lane): Promise<boolean> {
  const { perKey } = limitsOf(run);
  const key = await keyRecord(run, lane.key);
  if (perKey !== undefined && key.running >= perKey) {
    await waitForKey(run, name, lane);
    // Another lane may use the token that this one was called for.
    await attendBucket(run, lane);
    return false;
  }
  const availableAt = await tokenAt(run, lane);
  if (availableAt > run.now) {
    await waitForToken(run, name, lane, availableAt);
    // Another lane may use the slot that this one was called for.
    if (perKey !== undefined) await callForKey(run, lane.key);
    return false;
  }
  await grantFirst(run, name, lane);
  return true;
}

async function tokenAt(run: QueueRun, { rateKey }: Pick<Lane, "rateKey">): Promise<number> {
  const { rate } = limitsOf(run);
  return rate === undefined || rateKey === undefined
    ? run.now
    : nextTokenAt((await bucketOf(run, rateKey)).fullAt, rate);
}

async function grantFirst(run: QueueRun, name: string, lane: Lane): Promise<void> {
  const ticket = await takeFirst(run, name, lane);
  if (ticket === undefined) return;
  if (lane.count > 1) await enterRing(run, name);
  countPasses(run, lane);
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting === undefined) return;
  await countGrant(run, lane);
  const holds = await hold(run, ticket, waiting);
  const batch = await takeBatch(run, ticket, waiting);
  endWaiting(run, ticket, waiting);
  const executionId = executionOf(ticket);
  const { continues, resumes } = waiting.request;
  if (resumes !== undefined) {
    run.effects.push({ kind: "reclaimed", executionId, reclaim: resumes });
    return;
  }
  const starts = continues === undefined;
  const granted = { kind: "granted", holds, starts, ...(batch === undefined ? {} : { batch }) } as const;
  answer(run, { executionId, number: continues ?? numberOf(ticket) }, granted);
}

async function countGrant(run: QueueRun, { rateKey }: Pick<Lane, "rateKey">): Promise<void> {
  const { rate } = limitsOf(run);
  if (rate === undefined || rateKey === undefined) return;
  const { bookedAt: _bookedAt, ...bucket } = await bucketOf(run, rateKey);
  await storeTaken(run, rateKey, { ...bucket, fullAt: takeToken(bucket.fullAt, rate, run.now) });
  await attendBucket(run, { rateKey });
}

/** Calls a lane that waits at a bucket with a token, or schedules the wake-up for its next one. */
async function attendBucket(run: QueueRun, { rateKey }: Pick<Lane, "rateKey">): Promise<void> {
  if (rateKey === undefined) return;
  const bucket = await bucketOf(run, rateKey);
  if (bucket.head === bucket.tail) return;
  const at = await tokenAt(run, { rateKey });
  if (at <= run.now) await callForToken(run, rateKey);
  else scheduleWakeUp(run, rateKey, bucket, at);
}

/** Records the holder if something depends on its release. */
async function hold(run: QueueRun, ticket: Ticket, { request }: Waiting): Promise<boolean> {
  const { total, perKey } = limitsOf(run);
  const { concurrency: key = "", singleton } = request.keys;
  const isLimited = total !== undefined || perKey !== undefined || singleton !== undefined;
  if (!isLimited && !hasStarted(request)) return false;
  const holder: Holder = {
    key,
    since: run.now,
    ...(singleton === undefined ? {} : { singleton }),
    ...(request.resumes === undefined ? {} : { resuming: true }),
  };
  run.tx.set(`h/${ticket}`, holder);
  await countRunning(run, key, 1);
  return true;
}

export async function countRunning(run: QueueRun, key: string, change: 1 | -1): Promise<void> {
  updateCore(run, { running: run.core.running + change });
  const record = await keyRecord(run, key);
  storeKey(run, key, { ...record, running: record.running + change });
  if (change === -1) await callForKey(run, key);
}

/** Collects the payloads of a batch, and ends its other executions. */
async function takeBatch(run: QueueRun, leader: Ticket, { members }: Waiting) {
  if (members === undefined) return undefined;
  const payloads = [await payloadOf(run, leader)];
  for (const member of members) {
    const waiting = await run.tx.get<Waiting>(`w/${member}`);
    if (waiting === undefined) continue;
    payloads.push(await payloadOf(run, member));
    endWaiting(run, member, waiting);
    answer(run, addressOf(member), { kind: "skipped", reason: "batched", by: executionOf(leader) });
  }
  return payloads;
}

/** The payload of an execution that waits for a batch. */
export async function payloadOf(run: QueueRun, ticket: Ticket): Promise<JsonValue> {
  const [payload = null] = (await run.tx.get<readonly [JsonValue]>(`p/${ticket}`)) ?? [];
  return payload;
}

/** Forgets an execution that waits. The caller has taken it out of its lane, and answers it. */
export function endWaiting(run: QueueRun, ticket: Ticket, { epoch, request }: Waiting): void {
  run.tx.remove(`w/${ticket}`);
  if (request.keys.batch !== undefined) run.tx.remove(`p/${ticket}`);
  updateCore(run, { waiting: run.core.waiting - 1 });
  const { draining, epoch: current } = run.core;
  if (draining === undefined || epoch > current) return;
  const { remaining, ...note } = draining;
  if (remaining > 1) updateCore(run, { draining: { ...draining, remaining: remaining - 1 } });
  else endDrain(run, note);
}

/** A drain ends with a paused queue. Without `paused`, it is called off. */
export function endDrain(run: QueueRun, paused?: NonNullable<QueueRun["core"]["paused"]>): void {
  const { draining: _draining, ...core } = run.core;
  run.core = { ...core, epoch: core.epoch + 1, ...(paused === undefined ? {} : { paused }) };
}
