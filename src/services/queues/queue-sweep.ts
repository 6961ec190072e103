import { toJsonText } from "../../base/json.ts";
import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import type { QueueId } from "../../domain/ids.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import { listQueueRecords } from "../../read-model/queues/queue-records.ts";
import type { QueueRecord } from "../../read-model/queues/queue-records.ts";
import { findMissed, findUsedQueues } from "../../read-model/queues/queue-sweep.ts";
import type { QueueFindings } from "../../read-model/queues/queue-sweep.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/**
 * Returns slots of executions that ended without releasing them. It sweeps only queues that this process or an earlier one
 * used, and stops once they are empty: without flow control, it queries Restate once at the start.
 */
export interface QueueSweep extends AsyncDisposable {
  /** Includes a queue in the sweeps until it is empty. */
  used(queue: QueueId): void;
}

export interface QueueSweepOptions {
  readonly restate: Pick<RestateClient, "has" | "query" | "send">;
  /** Receives the counts of the swept queues. */
  readonly onSwept: (queues: readonly QueueRecord[]) => void;
  readonly logger: Logger;
}

const sweepIntervalMs = 3_000;

export function startQueueSweep(options: QueueSweepOptions): QueueSweep {
  const queues = new Set<QueueId>();
  let isDiscovered = false;

  async function sweep(): Promise<void> {
    if (!isDiscovered) for (const queue of await findUsedQueues(options.restate)) queues.add(queue);
    isDiscovered = true;
    await sweepQueues(options, queues);
  }

  const sweeping = startPeriodic(sweep, {
    intervalMs: sweepIntervalMs,
    failure: "cannot sweep queues",
    logger: options.logger,
  });
  return {
    used: (queue) => void queues.add(queue),
    [Symbol.asyncDispose]: async () => await sweeping[Symbol.asyncDispose](),
  };
}

async function sweepQueues({ restate, onSwept }: QueueSweepOptions, queues: Set<QueueId>): Promise<void> {
  if (queues.size === 0) return;
  const swept = [...queues];
  // Queues that are used from here on are swept again, even if these records show them as empty.
  queues.clear();
  try {
    const at = Date.now();
    const findings = await findMissed(restate, swept, at);
    onSwept(await listQueueRecords(restate, swept));
    for (const found of findings) {
      if (!found.isEmpty) queues.add(found.queue);
      if (hasMissed(found)) await reconcile(restate, found, at);
    }
  } catch (error) {
    for (const queue of swept) queues.add(queue);
    throw error;
  }
}

function hasMissed({ missed }: QueueFindings): boolean {
  return Object.values(missed).some((items: readonly unknown[]) => items.length > 0);
}

async function reconcile(
  restate: Pick<RestateClient, "send">,
  { queue, missed }: QueueFindings,
  at: number,
): Promise<void> {
  const target = { object: queueObjectName, key: queue, handler: "reconcile" };
  await restate.send(target, toJsonText({ at, ...missed }));
}
