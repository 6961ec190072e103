import { utf8Length } from "../base/bytes.ts";
import type { SkipReason } from "../domain/flow/slot.ts";
import { endWaiting, payloadOf } from "./dispatch.ts";
import { enqueue, leaveLane, padded } from "./lanes.ts";
import { addressOf, executionOf, hasStarted, queuedAt } from "./queue-records.ts";
import type { Batch, Debounce, Singleton, Ticket, Waiting } from "./queue-records.ts";
import { answer, limitsOf } from "./run.ts";
import type { QueueRun } from "./run.ts";

/**
 * What an execution passes before it queues for a slot: debounce, singleton, batch, in this order. Each stage lets it pass,
 * lets it wait, or ends it as skipped.
 */
export async function enterStages(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  const { keys } = waiting.request;
  const { debounce } = limitsOf(run);
  if (hasStarted(waiting.request)) return await enqueue(run, ticket, waiting);
  if (keys.debounce === undefined || debounce === undefined)
    return await enterSingleton(run, ticket, waiting);
  const key = keys.debounce;
  const pending = await run.tx.get<Debounce>(`d/${key}`);
  if (pending !== undefined) await skip(run, pending.ticket, "debounced", ticket);
  const firstAt = pending?.firstAt ?? run.now;
  const dueAt = Math.min(run.now + debounce.periodMs, firstAt + (debounce.maxMs ?? Infinity));
  // A pending wake-up finds the later time and schedules the next one.
  const wakeAt = pending?.wakeAt ?? dueAt;
  if (pending === undefined) run.effects.push({ kind: "wake", wake: { kind: "debounce", key }, at: dueAt });
  run.tx.set(`d/${key}`, { ticket, firstAt, dueAt, wakeAt });
  run.tx.set(`w/${ticket}`, { ...waiting, stage: "debounce" });
}

export async function wakeDebounce(run: QueueRun, key: string): Promise<void> {
  const pending = await run.tx.get<Debounce>(`d/${key}`);
  if (pending === undefined || pending.wakeAt > run.now) return;
  const { ticket, dueAt } = pending;
  if (dueAt > run.now) {
    run.tx.set(`d/${key}`, { ...pending, wakeAt: dueAt });
    run.effects.push({ kind: "wake", wake: { kind: "debounce", key }, at: dueAt });
    return;
  }
  run.tx.remove(`d/${key}`);
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting !== undefined) await enterSingleton(run, ticket, waiting);
}

async function enterSingleton(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  const { singleton: mode } = limitsOf(run);
  const { singleton: key } = waiting.request.keys;
  run.tx.set(`w/${ticket}`, waiting);
  if (key === undefined || mode === undefined) return await enterBatch(run, ticket, waiting);
  const found = await run.tx.get<Singleton>(`s/${key}`);
  if (found === undefined) return await becomeActive(run, ticket, waiting, key);
  if (mode === "skip") return await skip(run, ticket, "singleton", found.next ?? found.active);
  if (found.next !== undefined) await skip(run, found.next, "singleton", ticket);
  const active = await run.tx.get<Waiting>(`w/${found.active}`);
  // One that continues has started. It is cancelled, because skipping it would not end it.
  if (active !== undefined && active.request.continues === undefined) {
    await skip(run, found.active, "singleton", ticket);
    return await becomeActive(run, ticket, waiting, key);
  }
  if (found.next === undefined) run.effects.push({ kind: "cancel", executionId: executionOf(found.active) });
  run.tx.set(`s/${key}`, { active: found.active, next: ticket });
  run.tx.set(`w/${ticket}`, { ...waiting, stage: "singleton" });
}

async function becomeActive(run: QueueRun, ticket: Ticket, waiting: Waiting, key: string): Promise<void> {
  run.tx.set(`s/${key}`, { active: ticket });
  await enterBatch(run, ticket, waiting);
}

/** Lets the next execution of a singleton in, or forgets that it is the next one. */
export async function leaveSingleton(run: QueueRun, ticket: Ticket, key: string | undefined): Promise<void> {
  const found = key === undefined ? undefined : await run.tx.get<Singleton>(`s/${key}`);
  if (key === undefined || found === undefined) return;
  if (found.next === ticket) return run.tx.set(`s/${key}`, { active: found.active });
  if (found.active !== ticket) return;
  run.tx.remove(`s/${key}`);
  const { next } = found;
  const waiting = next === undefined ? undefined : await run.tx.get<Waiting>(`w/${next}`);
  if (next !== undefined && waiting !== undefined) await becomeActive(run, next, waiting, key);
}

async function enterBatch(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  const { batch } = limitsOf(run);
  const { batch: key } = waiting.request.keys;
  if (key === undefined || batch === undefined) return await enqueue(run, ticket, waiting);
  const bytes = utf8Length(JSON.stringify(await payloadOf(run, ticket))) + 1;
  const found = await run.tx.get<Batch>(`b/${key}`);
  const isTooLarge = found !== undefined && found.bytes + bytes > batch.maxBytes;
  if (isTooLarge) await flush(run, key, found);
  const open = isTooLarge ? undefined : found;
  const dueAt = open?.dueAt ?? run.now + batch.periodMs;
  if (open === undefined) run.effects.push({ kind: "wake", wake: { kind: "batch", key }, at: dueAt });
  const grown: Batch = {
    members: [...(open?.members ?? []), ticket],
    dueAt,
    bytes: (open?.bytes ?? 2) + bytes,
  };
  run.tx.set(`b/${key}`, grown);
  run.tx.set(`w/${ticket}`, { ...waiting, stage: "batch" });
  if (grown.members.length >= batch.size) await flush(run, key, grown);
}

export async function wakeBatch(run: QueueRun, key: string): Promise<void> {
  const batch = await run.tx.get<Batch>(`b/${key}`);
  if (batch !== undefined && batch.dueAt <= run.now) await flush(run, key, batch);
}

/** Queues a batch as the execution of it that was accepted first, which leads the others. */
async function flush(run: QueueRun, key: string, { members }: Batch): Promise<void> {
  run.tx.remove(`b/${key}`);
  const found: { readonly ticket: Ticket; readonly waiting: Waiting }[] = [];
  for (const ticket of members) {
    const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
    if (waiting !== undefined) found.push({ ticket, waiting });
  }
  const [first, ...rest] = found.toSorted((one, other) => queuedAt(one.waiting) - queuedAt(other.waiting));
  if (first === undefined) return;
  const others = rest.map(({ ticket }) => ticket);
  for (const member of others) await setLeader(run, member, first.ticket);
  await enqueue(run, first.ticket, { ...first.waiting, members: others });
}

async function setLeader(run: QueueRun, member: Ticket, leader: Ticket): Promise<void> {
  const waiting = await run.tx.get<Waiting>(`w/${member}`);
  if (waiting !== undefined) run.tx.set(`w/${member}`, { ...waiting, leader });
}

/** Ends a waiting execution as skipped. */
export async function skip(run: QueueRun, ticket: Ticket, reason: SkipReason, by?: Ticket): Promise<void> {
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting === undefined) return;
  answer(run, addressOf(ticket), {
    kind: "skipped",
    reason,
    ...(by === undefined ? {} : { by: executionOf(by) }),
  });
  await leaveStages(run, ticket, waiting);
}

/** Removes a waiting execution from wherever it waits. */
export async function leaveStages(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  const { debounce, singleton, batch } = waiting.request.keys;
  if (waiting.stage === "debounce" && debounce !== undefined) await leaveDebounce(run, ticket, debounce);
  if (waiting.stage === "batch" && batch !== undefined) await leaveBatch(run, ticket, waiting, batch);
  if (waiting.stage === "slot" && !(await replaceLeader(run, waiting))) await leaveLane(run, waiting);
  endWaiting(run, ticket, waiting);
  await leaveSingleton(run, ticket, singleton);
}

async function leaveDebounce(run: QueueRun, ticket: Ticket, key: string): Promise<void> {
  const pending = await run.tx.get<Debounce>(`d/${key}`);
  if (pending?.ticket === ticket) run.tx.remove(`d/${key}`);
}

async function leaveBatch(run: QueueRun, ticket: Ticket, waiting: Waiting, key: string): Promise<void> {
  const isOther = (member: Ticket) => member !== ticket;
  if (waiting.leader !== undefined) {
    const leader = await run.tx.get<Waiting>(`w/${waiting.leader}`);
    const members = leader?.members?.filter(isOther) ?? [];
    if (leader !== undefined) run.tx.set(`w/${waiting.leader}`, { ...leader, members });
    return;
  }
  const batch = await run.tx.get<Batch>(`b/${key}`);
  const members = batch?.members.filter(isOther) ?? [];
  if (batch !== undefined && members.length > 0) run.tx.set(`b/${key}`, { ...batch, members });
  else run.tx.remove(`b/${key}`);
}

/** Gives the place of a batch's leader to the next execution of the batch. */
async function replaceLeader(run: QueueRun, { members = [], ...place }: Waiting): Promise<boolean> {
  const [leader, ...others] = members;
  const waiting = leader === undefined ? undefined : await run.tx.get<Waiting>(`w/${leader}`);
  if (leader === undefined || waiting === undefined) return false;
  const { leader: _leader, ...own } = waiting;
  const { lane, laneId, number } = place as Required<typeof place>;
  run.tx.set(`w/${leader}`, { ...own, stage: "slot", lane, laneId, number, members: others });
  run.tx.set(`q/${laneId}/${padded(number)}`, leader);
  for (const member of others) await setLeader(run, member, leader);
  return true;
}
