import { maxPlacesMoved } from "../domain/automation/flow-limits.ts";
import type { SlotRequest } from "../domain/flow/slot.ts";
import { bucketOf, storeBucket } from "./buckets.ts";
import { queuedAt } from "./queue-records.ts";
import type { Bucket, KeyRecord, Lane, Places, Ticket, Waiting } from "./queue-records.ts";
import { enterRing } from "./rings.ts";
import { updateCore } from "./run.ts";
import type { QueueRun } from "./run.ts";

/**
 * Waiting executions with the same keys and priority form a lane: first accepted, first out. A lane that may have something to
 * grant is in the ring of its priority, which is served in turns. A lane that is blocked is taken out of the ring, and
 * waits at what blocks it: at its key or at its bucket.
 */

const noPlaces: Places = { head: 0, tail: 0 };
const freshKey: KeyRecord = { ...noPlaces, running: 0 };

/**
 * Adds an execution to its lane, before those that were accepted later. Requests arrive nearly in the order in which executions were
 * accepted, so it is usually appended without reading what waits, and rarely moves more than a few.
 */
export async function enqueue(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  const name = laneName(waiting.request, waiting.epoch);
  const lane = (await run.tx.get<Lane>(`l/${name}`)) ?? newLane(run, waiting);
  const at = queuedAt(waiting);
  let free = lane.tail;
  run.tx.add(`q/${lane.id}/${padded(free)}`, ticket);
  const later = await acceptedLater(run, lane, at);
  for (const each of later) {
    putAt(run, lane, free, each);
    free = each.number;
  }
  const placed: Waiting = { ...waiting, stage: "slot", lane: name, laneId: lane.id };
  putAt(run, lane, free, { ticket, waiting: placed });
  const latest = Math.max(at, lane.latest ?? 0, ...later.map((each) => queuedAt(each.waiting)));
  run.tx.set(`l/${name}`, { ...lane, tail: lane.tail + 1, count: lane.count + 1, latest });
  if (lane.place === "none") await enterRing(run, name);
}

interface Placed {
  readonly ticket: Ticket;
  readonly waiting: Waiting;
}

function putAt(run: QueueRun, { id }: Lane, number: number, { ticket, waiting }: Placed): void {
  run.tx.set(`q/${id}/${padded(number)}`, ticket);
  run.tx.set(`w/${ticket}`, { ...waiting, number });
}

/** The executions at the end of a lane that were accepted after `at`, the last one first. */
async function acceptedLater(
  run: QueueRun,
  lane: Lane,
  at: number,
): Promise<readonly (Placed & { readonly number: number })[]> {
  const later: (Placed & { readonly number: number })[] = [];
  const isLatest = lane.count === 0 || (lane.latest !== undefined && at >= lane.latest);
  const first = isLatest ? lane.tail : Math.max(lane.head, lane.tail - maxPlacesMoved);
  // Several places at a time, because each read is a round trip.
  for (let end = lane.tail, size = 4; end > first; end -= size, size *= 2) {
    for (const placed of await placesBetween(run, lane, Math.max(first, end - size), end)) {
      if (queuedAt(placed.waiting) <= at) return later;
      later.push(placed);
    }
  }
  return later;
}

/** The occupied places from `start` up to, but not including, `end`, the last one first. */
async function placesBetween(run: QueueRun, { id }: Lane, start: number, end: number) {
  const numbers = Array.from({ length: end - start }, (_, index) => end - 1 - index);
  const tickets = await run.tx.getAll<Ticket>(numbers.map((number) => `q/${id}/${padded(number)}`));
  const taken = tickets.flatMap((ticket, index) =>
    ticket === undefined ? [] : [{ ticket, number: numbers[index] as number }],
  );
  const waiting = await run.tx.getAll<Waiting>(taken.map(({ ticket }) => `w/${ticket}`));
  return taken.flatMap((place, index) => {
    const found = waiting[index];
    return found === undefined ? [] : [{ ...place, waiting: found }];
  });
}

export function laneName({ keys, priority }: Pick<SlotRequest, "keys" | "priority">, epoch: number): string {
  return JSON.stringify([keys.concurrency ?? "", keys.rate ?? null, priority, epoch]);
}

/** Numbers are padded, so that the places of a lane are in order as text. */
export function padded(number: number): string {
  return String(number).padStart(12, "0");
}

function newLane(run: QueueRun, { request, epoch }: Waiting): Lane {
  const { keys, priority } = request;
  const id = run.core.nextLane;
  updateCore(run, { nextLane: id + 1 });
  const key = keys.concurrency ?? "";
  const rate = keys.rate === undefined ? {} : { rateKey: keys.rate };
  return { ...noPlaces, id, key, ...rate, epoch, priority, count: 0, latest: 0, place: "none" };
}

/** Takes an execution out of the middle of its lane. Its place stays empty, and is skipped later. */
export async function leaveLane(run: QueueRun, { lane: name = "", number = 0 }: Waiting): Promise<void> {
  const lane = await run.tx.get<Lane>(`l/${name}`);
  if (lane === undefined) return;
  run.tx.remove(`q/${lane.id}/${padded(number)}`);
  storeLane(run, name, { ...lane, count: lane.count - 1 });
}

/** A lane that is empty and waits nowhere is deleted. */
export function storeLane(run: QueueRun, name: string, lane: Lane): void {
  if (lane.count > 0 || lane.place !== "none") run.tx.set(`l/${name}`, lane);
  else run.tx.remove(`l/${name}`);
}

/** Removes and returns the first execution of a lane. */
export async function takeFirst(run: QueueRun, name: string, lane: Lane): Promise<Ticket | undefined> {
  let { head } = lane;
  let first: Ticket | undefined;
  while (first === undefined && head < lane.tail) {
    const place = `q/${lane.id}/${padded(head)}`;
    first = await run.tx.get<Ticket>(place);
    run.tx.remove(place);
    head += 1;
  }
  storeLane(run, name, { ...lane, head, count: lane.count - 1, place: "none" });
  return first;
}

/** Lets a lane wait until an execution with its key releases a slot. */
export async function waitForKey(run: QueueRun, name: string, lane: Lane): Promise<void> {
  const key = await keyRecord(run, lane.key);
  run.tx.add(`kp/${lane.key}/${key.tail}`, name);
  storeKey(run, lane.key, { ...key, tail: key.tail + 1 });
  run.tx.set(`l/${name}`, { ...lane, place: "key" });
}

export async function keyRecord(run: QueueRun, key: string): Promise<KeyRecord> {
  return (await run.tx.get<KeyRecord>(`k/${key}`)) ?? freshKey;
}

export function storeKey(run: QueueRun, key: string, record: KeyRecord): void {
  if (record.running > 0 || record.head < record.tail) run.tx.set(`k/${key}`, record);
  else run.tx.remove(`k/${key}`);
}

/** Lets a lane wait for a token of its bucket, and schedules the wake-up. */
export async function waitForToken(run: QueueRun, name: string, lane: Lane, wakeAt: number): Promise<void> {
  const key = lane.rateKey ?? "";
  const bucket = await bucketOf(run, key);
  run.tx.add(`tp/${key}/${bucket.tail}`, name);
  run.tx.set(`l/${name}`, { ...lane, place: "rate" });
  scheduleWakeUp(run, key, { ...bucket, tail: bucket.tail + 1 }, wakeAt);
}

/** Stores a bucket whose lanes wait for a token. */
export function scheduleWakeUp(run: QueueRun, key: string, bucket: Bucket, at: number): void {
  const isScheduled = bucket.wakeAt !== undefined && bucket.wakeAt <= at;
  storeBucket(run, key, isScheduled ? bucket : { ...bucket, wakeAt: at });
  if (!isScheduled) run.effects.push({ kind: "wake", wake: { kind: "rate", key }, at });
}

/** Moves the next lane that waits for this key to its ring. */
export async function callForKey(run: QueueRun, key: string): Promise<void> {
  const record = await run.tx.get<KeyRecord>(`k/${key}`);
  if (record === undefined) return;
  const head = await callNext(run, `kp/${key}`, record);
  storeKey(run, key, { ...record, head });
}

/** Moves the next lane that waits for a token of this bucket to its ring. */
export async function callForToken(run: QueueRun, key: string): Promise<void> {
  const bucket = await run.tx.get<Bucket>(`t/${key}`);
  if (bucket === undefined) return;
  const head = await callNext(run, `tp/${key}`, bucket);
  storeBucket(run, key, { ...bucket, head });
}

/** Passes over lanes whose executions are all gone. Returns the new head of the list. */
async function callNext(run: QueueRun, list: string, { head, tail }: Places): Promise<number> {
  for (let at = head; at < tail; at += 1) {
    const name = (await run.tx.get<string>(`${list}/${at}`)) ?? "";
    run.tx.remove(`${list}/${at}`);
    const lane = await run.tx.get<Lane>(`l/${name}`);
    if (lane === undefined) continue;
    if (lane.count > 0) {
      await enterRing(run, name);
      return at + 1;
    }
    storeLane(run, name, { ...lane, place: "none" });
  }
  return tail;
}

/** Moves all blocked lanes to their rings, because the limits have changed. */
export async function callAll(run: QueueRun): Promise<void> {
  for (const path of await run.tx.keys("k/")) {
    for (let key = path.slice(2), calls = await parked(run, path); calls > 0; calls -= 1)
      await callForKey(run, key);
  }
  for (const path of await run.tx.keys("t/")) {
    for (let key = path.slice(2), calls = await parked(run, path); calls > 0; calls -= 1)
      await callForToken(run, key);
  }
}

async function parked(run: QueueRun, path: string): Promise<number> {
  const { head, tail } = (await run.tx.get<Places>(path)) ?? noPlaces;
  return tail - head;
}
