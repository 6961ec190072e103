import { DuraniumError } from "../../domain/errors.ts";
import { sharedLimitsOf } from "../../domain/flow/flow-plan.ts";
import type { QueueId } from "../../domain/ids.ts";
import type { QueueDetail, SharedLimitView } from "../contract/queue.ts";
import type { QueueService } from "../contract/services.ts";

/** Queues that exist once they have been read or changed, without executions. */
export function inMemoryQueues(): QueueService {
  const queues = new Map<QueueId, QueueDetail>();
  const limits = new Map<string, SharedLimitView>();
  const read = (id: QueueId): QueueDetail => {
    if (!id.startsWith("workflow:")) throw new DuraniumError("queue-not-found", `Queue "${id}" not found`);
    return queues.get(id) ?? { id, limits: {}, running: 0, queued: 0, holders: [], waiting: [], byKey: [] };
  };
  return {
    list: async (only) =>
      [...queues.values()].filter(({ id }) => only?.some((each) => id === `workflow:${each}`) ?? true),
    get: async (id) => read(id),
    async change(id, { action, by, ...change }) {
      const { paused: _paused, override: _override, ...queue } = read(id);
      const limited =
        "limits" in change && change.limits !== null ? { override: sharedLimitsOf(change.limits) } : {};
      const changed = { ...queue, ...(action === "pause" ? { paused: { at: 0, by } } : {}), ...limited };
      queues.set(id, changed);
      return changed;
    },
    limits: async () => [...limits.values()],
    async limit(name) {
      const limit = limits.get(name);
      if (limit === undefined) throw new DuraniumError("queue-not-found", `Limit "${name}" not found`);
      return limit;
    },
    setLimit: async (name, limit) => void limits.set(name, { name, limit }),
    removeLimit: async (name) => void limits.delete(name),
  };
}
