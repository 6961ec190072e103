import type { QueuePosition } from "../../api/contract/queue.ts";
import { workflowQueue } from "../../domain/flow/queue-id.ts";
import type { ExecutionId, QueueId, WorkflowId } from "../../domain/ids.ts";
import type { OperatorNote, Waiting } from "../../flow/queue-records.ts";
import {
  countBefore,
  findWaiting,
  listHolders,
  listQueueRecords,
} from "../../read-model/queues/queue-records.ts";
import type { QueueRecord } from "../../read-model/queues/queue-records.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";

const maxBlockers = 20;
const maxReadHolders = 1_000;

/** Reads where an execution waits, and what holds it back. Undefined if it waits in no queue any more. */
export async function readQueuePosition(
  restate: RestateSql,
  executionId: ExecutionId,
  workflowId: WorkflowId,
): Promise<QueuePosition | undefined> {
  const found = await findWaiting(restate, executionId, workflowQueue(workflowId));
  if (found === undefined) return undefined;
  const { queue, record: waiting } = found;
  const [[record], holders, before] = await Promise.all([
    listQueueRecords(restate, [queue]),
    listHolders(restate, queue, maxReadHolders),
    waiting.laneId === undefined || waiting.number === undefined
      ? undefined
      : countBefore(restate, queue, { laneId: waiting.laneId, number: waiting.number }),
  ]);
  if (record === undefined) return undefined;
  const { concurrency: key = "" } = waiting.request.keys;
  const held = holders.filter(({ record: holder }) => holder.released === undefined);
  const sameKey = held.filter(({ record: holder }) => holder.key === key);
  const blocked = reasonOf(record, waiting, sameKey.length);
  const blockers = blocked.by === "key" ? sameKey : blocked.by === "total" ? held : [];
  return {
    queue,
    ...(key === "" ? {} : { key }),
    stage: waiting.stage,
    ...(before === undefined ? {} : { position: before + 1 }),
    blockedBy: blockers.slice(0, maxBlockers).map((holder) => holder.executionId),
    reason: blocked.reason,
  };
}

interface Blocked {
  readonly reason: string;
  readonly by?: "key" | "total";
}

function reasonOf({ queue, core }: QueueRecord, { stage, request }: Waiting, ofKey: number): Blocked {
  const { total, perKey, rate } = { ...core.limits, ...core.override };
  const { concurrency: key = "" } = request.keys;
  if (stage === "debounce") return { reason: "waits until no further execution with its key is started" };
  if (stage === "batch") return { reason: "waits until its batch is full or due" };
  if (stage === "singleton") return { reason: "waits until the execution with its key has ended" };
  if (core.workflowPaused !== undefined) return { reason: workflowPausedText(core.workflowPaused) };
  if (core.paused !== undefined) return { reason: "an operator has paused the queue" };
  if ((core.heldUntil ?? 0) > Date.now()) {
    return { reason: `the host asked to wait until ${new Date(core.heldUntil ?? 0).toISOString()}` };
  }
  if (total !== undefined && core.running >= total)
    return { reason: `${core.running} of ${total} slots${ofQueue(queue)} are taken`, by: "total" };
  if (perKey !== undefined && ofKey >= perKey)
    return { reason: `${ofKey} of ${perKey} slots for "${key}"${ofQueue(queue)} are taken`, by: "key" };
  if (rate !== undefined) return { reason: `at most ${rate.limit} executions start in ${rate.periodMs} ms` };
  return { reason: "starts soon" };
}

function workflowPausedText({ by, note }: OperatorNote): string {
  const who = by === undefined ? "" : ` by ${by}`;
  return `the workflow is paused${who}${note === undefined ? "" : `: ${note}`}`;
}

function ofQueue(queue: QueueId): string {
  return queue.startsWith("shared:") ? ` of the shared limit "${queue.slice("shared:".length)}"` : "";
}
