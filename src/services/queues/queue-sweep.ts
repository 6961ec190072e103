import { toJsonText } from "../../base/json.ts";
import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import type { QueueId } from "../../domain/ids.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import { listQueueRecords } from "../../read-model/queues/queue-records.ts";
import type { QueueRecord } from "../../read-model/queues/queue-records.ts";
import { findMissed, findUsedQueues } from "../../read-model/queues/queue-sweep.ts";
import type { QueueFindings } from "../../read-model/queues/queue-sweep.ts";
import type { Coordination } from "../../stores/coordination/coordination.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/**
 * Returns slots of executions that ended without releasing them, in the executor that holds the lease. It sweeps only queues
 * that an executor used, and stops once they are empty: without flow control, it queries Restate once at the start.
 */
export interface QueueSweep extends AsyncDisposable {
  /** Includes a queue in the sweeps of all executors until it is empty. */
  used(queue: QueueId): void;
}

export interface QueueSweepOptions {
  readonly coordination: Pick<Coordination, "lease" | "publish" | "subscribe">;
  readonly restate: Pick<RestateClient, "has" | "query" | "send">;
  /** Receives the counts of the swept queues. */
  readonly onSwept: (queues: readonly QueueRecord[]) => void;
  readonly logger: Logger;
}

const sweepIntervalMs = 3_000;

export function startQueueSweep(options: QueueSweepOptions): QueueSweep {
  const { coordination, restate, logger, onSwept } = options;
  const queues = new Set<QueueId>();
  const announcements = createAnnouncements(coordination);
  let isDiscovered = false;
  const subscription = coordination.subscribe("queues", (queue) => {
    if (queue === undefined) isDiscovered = false;
    else queues.add(queue as QueueId);
  });

  async function sweep(): Promise<void> {
    if (!isDiscovered) for (const queue of await findUsedQueues(restate)) queues.add(queue);
    isDiscovered = true;
    await sweepQueues(options, queues);
  }

  const lease = coordination.lease("queues", () => {
    const sweeping = startPeriodic(sweep, {
      intervalMs: sweepIntervalMs,
      failure: "cannot sweep queues",
      logger,
    });
    return {
      async [Symbol.asyncDispose]() {
        await sweeping[Symbol.asyncDispose]();
        // Another executor counts them from here on.
        onSwept([]);
      },
    };
  });
  return {
    used(queue) {
      queues.add(queue);
      announcements.add(queue);
    },
    async [Symbol.asyncDispose]() {
      announcements[Symbol.dispose]();
      subscription[Symbol.dispose]();
      await lease[Symbol.asyncDispose]();
    },
  };
}

/** How long the use of a queue waits to be announced, so that a busy one is not announced for each use. */
const announcementDelayMs = 1_000;

/** Tells the other executors of used queues: each use is followed by a notice. */
function createAnnouncements(coordination: Pick<Coordination, "publish">) {
  const used = new Set<QueueId>();
  let timer: NodeJS.Timeout | undefined;
  const announce = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const queue of used) coordination.publish("queues", queue);
    used.clear();
  };
  return {
    add(queue: QueueId): void {
      used.add(queue);
      timer ??= setTimeout(announce, announcementDelayMs).unref();
    },
    [Symbol.dispose]: announce,
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
