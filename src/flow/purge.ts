import { maxGrantsPerRequest } from "../domain/automation/flow-limits.ts";
import type { SkipReason } from "../domain/flow/slot.ts";
import { dispatch } from "./dispatch.ts";
import { hasStarted } from "./queue-records.ts";
import type { Ticket, Waiting } from "./queue-records.ts";
import type { QueueRun } from "./run.ts";
import { skip } from "./stages.ts";

/** Ends what waits to start, because an operator purged the queue or its workflow was deleted. */

/** Skips everything that waits to start, some at a time. */
export async function purge(run: QueueRun): Promise<void> {
  const reason = run.core.removedAt === undefined ? "purged" : "workflow-deleted";
  const waiting = await run.tx.keys("w/");
  let skipped = 0;
  for (const path of waiting) {
    if (skipped === maxGrantsPerRequest) {
      run.effects.push({ kind: "wake", wake: { kind: "purge" }, at: run.now });
      break;
    }
    if (await skipUnstarted(run, path.slice(2) as Ticket, reason)) skipped += 1;
  }
  await dispatch(run);
}

/** Skips these executions of a deleted workflow, if they wait to start. */
export async function skipDeleted(run: QueueRun, tickets: readonly Ticket[]): Promise<void> {
  for (const ticket of tickets) await skipUnstarted(run, ticket, "workflow-deleted");
  await dispatch(run);
}

async function skipUnstarted(run: QueueRun, ticket: Ticket, reason: SkipReason): Promise<boolean> {
  const { request } = (await run.tx.get<Waiting>(`w/${ticket}`)) ?? {};
  if (request === undefined || hasStarted(request)) return false;
  await skip(run, ticket, reason);
  return true;
}

/**
 * Ends the queue of a deleted workflow: nothing that waits starts, and what has started continues without limits until its end.
 *
 * @param at when the workflow was deleted, in milliseconds since the Unix epoch. Limits of a later workflow of this name, which
 *   `readmit` applies, stay.
 */
export async function remove(run: QueueRun, at: number): Promise<void> {
  const { override: _o, draining: _d, heldUntil: _h, workflowPaused: _w, ...core } = run.core;
  if (at < core.limitsAt) return;
  run.core = { ...core, limits: {}, limitsAt: at, removedAt: at, paused: { at } };
  await purge(run);
}

/** Lets executions in again that started after the deletion, of another workflow with the same name. */
export function readmit(run: QueueRun, startedAt: number): void {
  const { removedAt, paused: _paused, ...core } = run.core;
  if (removedAt !== undefined && startedAt > removedAt) run.core = core;
}

/**
 * Deletes the records of a removed queue, once nothing waits or holds a slot. Executions that released their slots to wait
 * continue without one.
 *
 * @returns true if they were deleted
 */
export async function forgetRemoved(run: QueueRun): Promise<boolean> {
  const { removedAt, running, waiting } = run.core;
  if (removedAt === undefined || running > 0 || waiting > 0) return false;
  for (const path of await run.tx.keys("")) run.tx.remove(path);
  return true;
}
