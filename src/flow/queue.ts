/**
 * A queue: the state machine behind flow control. It decides which executions start, wait or are skipped, within the limits
 * of a workflow, of several workflows or of a host.
 *
 * It knows neither Restate nor a clock. Each function processes one request: it reads and writes records through `run.tx`,
 * takes the time from `run.now`, and lists what the request causes in `run.effects`. Requests of one queue are processed one
 * at a time.
 *
 * Invariants:
 *
 * 1. No limit is exceeded, except by executions that Restate's own tools resumed after a pause: they do not ask.
 * 2. A ticket is granted at most once for each signal. Each ticket that is granted with `holds` counts until `release`.
 * 3. A ticket that waits is granted, skipped, or removed by `release`. None is forgotten.
 * 4. Of tickets with the same keys and priority that wait for a slot, the one whose execution was accepted first is granted first,
 *    and of those accepted in the same millisecond the one that arrived first. A ticket passes at most `maxPlacesMoved` others.
 *
 * Deliberately not here: noticing that an execution has ended without `release` (`services/queues/queue-sweep.ts`).
 */
import type { DatedLimits, QueueOverride } from "../domain/flow/queue-limits.ts";
import type { SlotRequest } from "../domain/flow/slot.ts";
import { countRunning, dispatch, endDrain } from "./dispatch.ts";
import { bucketOf, forgetIfFull, storeBucket, storeTaken } from "./buckets.ts";
import { callAll, callForToken } from "./lanes.ts";
import { addressOf, hasStarted } from "./queue-records.ts";
import type { Bucket, Core, Holder, OperatorNote, Ticket, Waiting, WaitingRequest } from "./queue-records.ts";
import { forgetRemoved, purge, readmit } from "./purge.ts";
import { nextTokenAt, takeToken } from "./rate.ts";
import { answer, limitsOf, updateCore } from "./run.ts";
import type { QueueEffect, QueueRun, WakeUp } from "./run.ts";
import { enterStages, leaveSingleton, leaveStages, wakeBatch, wakeDebounce } from "./stages.ts";
import { openTransaction } from "./transaction.ts";
import type { QueueStorage } from "./transaction.ts";

const emptyCore: Core = {
  limits: {},
  limitsAt: 0,
  epoch: 0,
  running: 0,
  waiting: 0,
  nextLane: 0,
  rings: [],
};

/** Processes one request, and returns what it causes. The records are written at the end. */
export async function processRequest<T>(
  storage: QueueStorage,
  now: number,
  process: (run: QueueRun) => Promise<T>,
): Promise<{ readonly effects: readonly QueueEffect[]; readonly value: T; readonly core: Core }> {
  const tx = openTransaction(storage);
  const before = (await tx.get<Core>("core")) ?? emptyCore;
  const run: QueueRun = { tx, now, core: before, effects: [] };
  const value = await process(run);
  if (!(await forgetRemoved(run)) && run.core !== before) tx.set("core", run.core);
  tx.commit();
  return { effects: run.effects, value, core: run.core };
}

/** Requests a slot. The answer is a signal, now or later. A ticket that waits or holds a slot already is ignored. */
export async function acquire(
  run: QueueRun,
  ticket: Ticket,
  { payload, ...request }: SlotRequest,
  dated?: DatedLimits,
): Promise<void> {
  if (dated !== undefined) await applyLimits(run, dated);
  const { tx } = run;
  if (dated !== undefined && run.core.removedAt !== undefined)
    return answer(run, addressOf(ticket), { kind: "skipped", reason: "workflow-deleted" });
  if ((await tx.get(`w/${ticket}`)) !== undefined || (await tx.get(`h/${ticket}`)) !== undefined) return;
  const token = request.keys.rate === undefined ? undefined : await tryToken(run, request.keys.rate);
  if (token !== undefined && "retryAt" in token) {
    answer(run, addressOf(ticket), { kind: "skipped", reason: "rate-limited" });
    return await dispatch(run);
  }
  const { rate: _rate, ...others } = request.keys;
  if (request.keys.batch !== undefined) tx.add(`p/${ticket}`, [payload ?? null]);
  await admit(run, ticket, token === undefined ? request : { ...request, keys: others });
}

/** Queues a ticket, behind a drain unless its execution has started. */
export async function admit(run: QueueRun, ticket: Ticket, request: WaitingRequest): Promise<void> {
  const { epoch, draining, waiting } = run.core;
  const isLater = draining !== undefined && !hasStarted(request);
  if (draining !== undefined && !isLater)
    updateCore(run, { draining: { ...draining, remaining: draining.remaining + 1 } });
  updateCore(run, { waiting: waiting + 1 });
  await enterStages(run, ticket, {
    request,
    since: run.now,
    epoch: isLater ? epoch + 1 : epoch,
    stage: "singleton",
  });
  await dispatch(run);
}

/** Takes a token of a rate that rejects. Returns undefined if the rate does not reject. */
async function tryToken(
  run: QueueRun,
  key: string,
): Promise<{ readonly taken: true } | { readonly retryAt: number } | undefined> {
  const { rate } = limitsOf(run);
  if (rate?.rejects !== true) return undefined;
  const bucket = await bucketOf(run, key);
  const at = nextTokenAt(bucket.fullAt, rate);
  if (at > run.now) return { retryAt: at };
  await storeTaken(run, key, { ...bucket, fullAt: takeToken(bucket.fullAt, rate, run.now) });
  return { taken: true };
}

/** Takes a token before an execution is accepted, or returns when there will be one, in milliseconds since the Unix epoch. */
export async function reserve(
  run: QueueRun,
  key: string,
  dated: DatedLimits,
): Promise<{ readonly taken: true } | { readonly retryAt: number }> {
  await applyLimits(run, dated);
  const token = await tryToken(run, key);
  await dispatch(run);
  return token ?? { taken: true };
}

/** Gives the slot of a ticket back, or removes the ticket if it waits. Any further time it does nothing. */
export async function release(run: QueueRun, ticket: Ticket): Promise<void> {
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting !== undefined) await leaveStages(run, ticket, waiting);
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  if (holder !== undefined) {
    run.tx.remove(`h/${ticket}`);
    if (holder.released === undefined) await countRunning(run, holder.key, -1);
    await leaveSingleton(run, ticket, holder.singleton);
  }
  await dispatch(run);
}

/** Continues what a wake-up was scheduled for. An obsolete wake-up does nothing. */
export async function wake(run: QueueRun, due: WakeUp): Promise<void> {
  if (due.kind === "purge") return await purge(run);
  if (due.kind === "rate") await wakeBucket(run, due.key);
  if (due.kind === "debounce") await wakeDebounce(run, due.key);
  if (due.kind === "batch") await wakeBatch(run, due.key);
  await dispatch(run);
}

async function wakeBucket(run: QueueRun, key: string): Promise<void> {
  const bucket = await run.tx.get<Bucket>(`t/${key}`);
  if (bucket === undefined) return;
  const { wakeAt, ...rest } = bucket;
  if (wakeAt !== undefined && wakeAt > run.now) return;
  if (rest.head < rest.tail) {
    storeBucket(run, key, rest);
    await callForToken(run, key);
  } else forgetIfFull(run, key, rest);
}

/** Replaces the limits, unless they are older than the ones in force. */
export async function configure(run: QueueRun, dated: DatedLimits): Promise<void> {
  await applyLimits(run, dated);
  await dispatch(run);
}

async function applyLimits(run: QueueRun, { limits, at }: DatedLimits): Promise<void> {
  readmit(run, at);
  const { core } = run;
  if (at < core.limitsAt || core.removedAt !== undefined) return;
  updateCore(run, { limits, limitsAt: at });
  const isSame = JSON.stringify(limits) === JSON.stringify(core.limits);
  // A lane whose executions have all left is still parked, and would hold the next one.
  if (!isSame) await callAll(run);
}

/** Overrides single limits until the override is replaced. An empty one restores the configured limits. */
export async function override(run: QueueRun, limits: QueueOverride): Promise<void> {
  const { override: _override, ...core } = run.core;
  run.core = Object.keys(limits).length === 0 ? core : { ...core, override: limits };
  await callAll(run);
  await dispatch(run);
}

/** Stops all grants, except to executions that have started. */
export function pause(run: QueueRun, note: OperatorNote): void {
  updateCore(run, { paused: note });
}

/** Ends a pause, and calls a drain off. */
export async function resume(run: QueueRun): Promise<void> {
  const { paused: _paused, ...core } = run.core;
  run.core = core;
  if (core.draining !== undefined) endDrain(run);
  await dispatch(run);
}

/** Stops all grants while the workflow of the queue is paused, except to executions that have started. */
export function pauseWorkflow(run: QueueRun, note: OperatorNote): void {
  updateCore(run, { workflowPaused: note });
}

export async function resumeWorkflow(run: QueueRun): Promise<void> {
  const { workflowPaused: _workflowPaused, ...core } = run.core;
  run.core = core;
  await dispatch(run);
}

/** Grants what waits now, and nothing that arrives later. When all of it was granted, the queue is paused. */
export function drain(run: QueueRun, note: OperatorNote): void {
  const { waiting: remaining, draining } = run.core;
  if (draining !== undefined) return;
  updateCore(run, { draining: { ...note, remaining } });
  if (remaining === 0) endDrain(run, note);
}

/** Grants nothing before a time, because the target asked its callers to wait. */
export function holdUntil(run: QueueRun, until: number): void {
  if (until <= Math.max(run.now, run.core.heldUntil ?? 0)) return;
  updateCore(run, { heldUntil: until });
  run.effects.push({ kind: "wake", wake: { kind: "dispatch" }, at: until });
}
