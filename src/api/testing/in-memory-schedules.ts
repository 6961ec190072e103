import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { ScheduleView } from "../contract/schedule.ts";
import type { NewSchedule, ScheduleService } from "../contract/services.ts";

/** Schedules that never run. */
export function inMemorySchedules(): ScheduleService {
  const schedules = new Map<string, ScheduleView>();
  const find = (id: string): ScheduleView => {
    const found = schedules.get(id);
    if (found === undefined) throw new DuraniumError("schedule-not-found", `Schedule "${id}" not found`);
    return found;
  };
  const change = (id: string, members: Partial<ScheduleView>): ScheduleView => {
    const changed = { ...find(id), ...members };
    schedules.set(id, changed);
    return changed;
  };
  return {
    get: async (id) => find(id),
    list: async ({ limit }, only) => ({
      items: [...schedules.values()]
        .filter(({ workflowId }) => only?.includes(workflowId) ?? true)
        .slice(0, limit),
    }),
    workflowOf: async (id) => schedules.get(id)?.workflowId,
    preview: async () => ({ next: [{ at: Date.UTC(2027, 0, 1) }] }),
    async set(id, schedule) {
      schedules.set(id, viewOf(id, schedule));
      return find(id);
    },
    async remove(id) {
      find(id);
      schedules.delete(id);
    },
    pause: async (id, by) => change(id, { paused: { at: Date.now(), ...by } }),
    async resume(id) {
      const { paused: _, ...active } = find(id);
      schedules.set(id, active);
      return active;
    },
    trigger: async (id) => ({
      executionId: `inv_1${find(id).id.replaceAll("-", "").padEnd(32, "0")}` as ExecutionId,
    }),
    backfill: async (id) => ({ started: find(id).info.started, buffered: 0, skipped: 0 }),
  };
}

function viewOf(id: string, { overlap = "skip", catchUp = "PT1H", ...given }: NewSchedule): ScheduleView {
  const counts = { started: 0, missed: 0, skipped: 0, buffered: 0, failuresInRow: 0 };
  return {
    id,
    overlap,
    catchUp,
    ...given,
    managedBy: "api",
    revision: 1,
    createdAt: Date.now(),
    updatedAt: Date.now(),
    info: { next: [], running: [], recent: [], ...counts },
  };
}
