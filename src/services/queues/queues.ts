import type { QueueChange, QueueService } from "../../api/contract/services.ts";
import type { QueueDetail, QueueView, SharedLimitView } from "../../api/contract/queue.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { SharedLimit } from "../../domain/automation/flow-settings.ts";
import { sharedLimitsOf } from "../../domain/flow/flow-plan.ts";
import { sharedQueue, workflowQueue } from "../../domain/flow/queue-id.ts";
import type { QueueLimits } from "../../domain/flow/queue-limits.ts";
import type { QueueId } from "../../domain/ids.ts";
import type { Core } from "../../flow/queue-records.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { ControlInput } from "../../journal/queue-inputs.ts";
import {
  listHolders,
  listKeys,
  listQueueRecords,
  listWaiting,
} from "../../read-model/queues/queue-records.ts";
import type { QueueRecord } from "../../read-model/queues/queue-records.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

const maxShownMembers = 100;
const maxShownKeys = 20;

/** Queues as Restate has them. Changes are requests to the Virtual Object `Queue`. */
export function createQueueService(restate: Pick<RestateClient, "query" | "call">): QueueService {
  const call = async (queue: QueueId, handler: string, input: unknown) =>
    await restate.call({ object: queueObjectName, key: queue, handler }, input);
  return {
    async list(only) {
      const records = await listQueueRecords(restate, only?.map(workflowQueue));
      return records.filter(isUsed).map(queueView);
    },
    get: async (queue) => await readDetail(restate, queue),
    async change(queue, change) {
      await readRecord(restate, queue);
      await call(queue, "control", controlOf(change));
      return await readDetail(restate, queue);
    },
    async limits() {
      const records = await listQueueRecords(restate);
      return records.filter(isConfiguredLimit).map(limitView);
    },
    async limit(name) {
      const [record] = await listQueueRecords(restate, [sharedQueue(name)]);
      if (record === undefined || !isConfiguredLimit(record)) throw notFound(sharedQueue(name));
      return limitView(record);
    },
    setLimit: async (name, limit) =>
      void (await call(sharedQueue(name), "configure", {
        limits: sharedLimitsOf(limit),
        at: Date.now(),
      })),
    async removeLimit(name) {
      await readRecord(restate, sharedQueue(name));
      await call(sharedQueue(name), "configure", { limits: {}, at: Date.now() });
    },
  };
}

/** A queue without limits in which nothing waits or runs is as good as none. */
function isUsed({ core }: QueueRecord): boolean {
  const { limits, override, paused, workflowPaused, running, waiting } = core;
  return running + waiting > 0 || [limits, override, paused, workflowPaused].some((each) => hasMembers(each));
}

function hasMembers(value: object | undefined): boolean {
  return value !== undefined && Object.keys(value).length > 0;
}

function isConfiguredLimit({ queue, core }: QueueRecord): boolean {
  return queue.startsWith("shared:") && hasMembers(core.limits);
}

function limitView({ queue, core }: QueueRecord): SharedLimitView {
  const { total, perKey, rate } = core.limits;
  const limit: SharedLimit = {
    ...(total === undefined ? {} : { total }),
    ...(perKey === undefined ? {} : { perKey }),
    ...(rate === undefined
      ? {}
      : { rateLimit: { limit: rate.limit, period: `${rate.periodMs}ms`, burst: rate.burst } }),
  };
  return { name: queue.slice("shared:".length), limit };
}

async function readRecord(restate: Pick<RestateClient, "query">, queue: QueueId): Promise<QueueRecord> {
  const [record] = await listQueueRecords(restate, [queue]);
  if (record === undefined) throw notFound(queue);
  return record;
}

function notFound(queue: QueueId): DuraniumError {
  return new DuraniumError(
    "queue-not-found",
    `Queue "${queue}" not found: nothing has used or configured it yet`,
  );
}

async function readDetail(restate: Pick<RestateClient, "query">, queue: QueueId): Promise<QueueDetail> {
  const record = await readRecord(restate, queue);
  const [holders, waiting, byKey] = await Promise.all([
    listHolders(restate, queue, maxShownMembers),
    listWaiting(restate, queue, maxShownMembers),
    listKeys(restate, queue, maxShownKeys),
  ]);
  return {
    ...queueView(record),
    holders: holders.map(({ executionId, record: { key, since } }) => ({ executionId, key, since })),
    waiting: waiting.map(({ executionId, record: { request, since } }) => ({
      executionId,
      key: request.keys.concurrency ?? "",
      since,
    })),
    byKey,
  };
}

function queueView({ queue, core }: QueueRecord): QueueView {
  const { override, paused, workflowPaused, draining, heldUntil, running, waiting } = core;
  return {
    id: queue,
    limits: shownLimits({ ...core.limits, ...override }),
    ...(override === undefined ? {} : { override }),
    ...(paused === undefined ? {} : { paused }),
    ...(workflowPaused === undefined ? {} : { workflowPaused }),
    ...(draining === undefined ? {} : { draining: noteOf(draining) }),
    ...(heldUntil === undefined || heldUntil <= Date.now() ? {} : { heldUntil }),
    running,
    queued: waiting,
  };
}

function noteOf({ remaining: _remaining, ...note }: NonNullable<Core["draining"]>) {
  return note;
}

function shownLimits({ batch, ...limits }: QueueLimits): QueueView["limits"] {
  if (batch === undefined) return limits;
  const { maxBytes: _maxBytes, ...shown } = batch;
  return { ...limits, batch: shown };
}

function controlOf({ note, ...change }: QueueChange): ControlInput {
  const noted = note === undefined ? {} : { note };
  if (change.action !== "override") return { ...change, ...noted };
  const { action, by, limits } = change;
  return { action, by, ...noted, limits: sharedLimitsOf(limits ?? {}) };
}
