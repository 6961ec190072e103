import type { Reclaim } from "../domain/flow/slot.ts";
import { countRunning, dispatch, endWaiting } from "./dispatch.ts";
import { leaveLane } from "./lanes.ts";
import { admit } from "./queue.ts";
import { addressOf, executionOf } from "./queue-records.ts";
import type { Holder, Ticket, Waiting } from "./queue-records.ts";
import { continuePriority } from "./rings.ts";
import { answer } from "./run.ts";
import type { QueueRun } from "./run.ts";

/** Requests to a queue about slots that executions give back for a time, because they are paused or only wait. */

/**
 * Gives a slot back for a time, while its execution is paused or only waits.
 *
 * @param seenAt when the execution was seen to be paused. It may have been resumed since.
 */
export async function suspend(
  run: QueueRun,
  ticket: Ticket,
  why: NonNullable<Holder["released"]>,
  seenAt = run.now,
): Promise<void> {
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  if (holder === undefined) return;
  const isResumed = holder.resuming === true || (holder.resumedAt ?? 0) >= seenAt;
  if (why === "paused" && isResumed) return;
  if (holder.released !== "waits") run.tx.set(`h/${ticket}`, { ...holder, released: why });
  if (holder.released === undefined) await countRunning(run, holder.key, -1);
  await dispatch(run);
}

/** Requests the slot that `suspend` gave back. The answer is the signal with this number. */
export async function continueWaiting(run: QueueRun, ticket: Ticket, number: number): Promise<void> {
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  const isWaiting = (await run.tx.get(`w/${ticket}`)) !== undefined;
  if (isWaiting) return;
  if (holder?.released !== "waits") {
    answer(
      run,
      { ...addressOf(ticket), number },
      {
        kind: "granted",
        holds: holder !== undefined,
        starts: false,
      },
    );
    return;
  }
  const { key: concurrency, singleton } = holder;
  const keys = { concurrency, ...(singleton === undefined ? {} : { singleton }) };
  await admit(run, ticket, { keys, priority: continuePriority, continues: number });
}

/**
 * Acquires the slot of an execution that is paused and is to be resumed. Once it holds the slot, the effect `reclaimed`
 * follows, and it keeps the slot until `resumed`. If it waits for that already, this does nothing.
 */
export async function reclaim(run: QueueRun, ticket: Ticket, resumes: Reclaim): Promise<void> {
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting?.request.resumes !== undefined) return;
  if (holder?.released === "paused") {
    const { key: concurrency, singleton } = holder;
    const keys = { concurrency, ...(singleton === undefined ? {} : { singleton }) };
    return await admit(run, ticket, { keys, priority: continuePriority, resumes });
  }
  if (holder !== undefined && holder.released === undefined)
    run.tx.set(`h/${ticket}`, { ...holder, resuming: true });
  // An execution that waits for the slot by itself, in its journal, waits on when it is resumed.
  run.effects.push({ kind: "reclaimed", executionId: executionOf(ticket), reclaim: resumes });
}

/** Ends `reclaim`: the execution stays paused, and gives the slot back if it holds it already. */
export async function unclaim(run: QueueRun, ticket: Ticket): Promise<void> {
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting?.request.resumes !== undefined) await withdraw(run, ticket, waiting);
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  if (holder?.resuming === true) {
    const { resuming: _resuming, ...held } = holder;
    run.tx.set(`h/${ticket}`, { ...held, released: "paused" });
    await countRunning(run, holder.key, -1);
  }
  await dispatch(run);
}

async function withdraw(run: QueueRun, ticket: Ticket, waiting: Waiting): Promise<void> {
  await leaveLane(run, waiting);
  endWaiting(run, ticket, waiting);
}

/** Ends the time in which a paused execution keeps its slot, because it runs again. */
export async function resumed(run: QueueRun, ticket: Ticket): Promise<void> {
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  if (holder?.resuming === undefined) return;
  const { resuming: _resuming, ...held } = holder;
  run.tx.set(`h/${ticket}`, { ...held, resumedAt: run.now });
}

/** Counts an execution again that was resumed without `reclaim`. It runs already, so it may exceed the limit. */
export async function resumePaused(run: QueueRun, ticket: Ticket): Promise<void> {
  const holder = await run.tx.get<Holder>(`h/${ticket}`);
  if (holder?.released !== "paused") return;
  const waiting = await run.tx.get<Waiting>(`w/${ticket}`);
  if (waiting !== undefined) await withdraw(run, ticket, waiting);
  const { released: _released, ...held } = holder;
  run.tx.set(`h/${ticket}`, held);
  await countRunning(run, holder.key, 1);
}
