import { setImmediate } from "node:timers/promises";
import type { SchedulePreview, ScheduleView } from "../../api/contract/schedule.ts";
import type { ScheduleService } from "../../api/contract/services.ts";
import type { JsonValue } from "../../base/json.ts";
import type { ScheduleSpec } from "../../domain/automation/schedule.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { isFinal } from "../../domain/execution.ts";
import type { ExecutionStatus } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxSchedulesPerWorkflow } from "../../domain/limits.ts";
import { scheduleObjectName } from "../../journal/object-names.ts";
import type {
  BackfillInput,
  BackfillOutput,
  DeleteScheduleInput,
  PauseScheduleInput,
  PutScheduleInput,
} from "../../domain/automation/schedule-inputs.ts";
import { findSchedule, listSchedules } from "../../read-model/automation/schedule-list.ts";
import type { ScheduleRecord } from "../../read-model/automation/schedule-list.ts";
import { readStatusesOf, scheduleIdsOf } from "../../read-model/automation/schedules.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { clockChangeNote } from "../../schedules/clock-change-note.ts";
import { createRecurrence, nextOccurrences } from "../../schedules/recurrence.ts";
import type { VersionStore } from "../../stores/versions.ts";
import type { WorkflowStore } from "../../stores/workflows.ts";

export interface ScheduleServiceOptions {
  readonly restate: Pick<RestateClient, "call" | "query">;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly versions: Pick<VersionStore, "get">;
}

/** Schedules as Restate stores them. */
export function createScheduleService({
  restate,
  workflows,
  versions,
}: ScheduleServiceOptions): ScheduleService {
  const call = async (id: string, handler: string, input: object = {}) =>
    await restate.call({ object: scheduleObjectName, key: id, handler }, input);
  const get = async (id: string): Promise<ScheduleView> => {
    const found = await findSchedule(restate, id);
    if (found === undefined) throw new DuraniumError("schedule-not-found", `Schedule "${id}" not found`);
    return (await viewsOf(restate, [found], { next: 10, recent: 20 }))[0] as ScheduleView;
  };
  return {
    get,
    async list({ after, limit }, workflowIds) {
      const found = await listSchedules(restate, {
        workflowIds,
        after: parsePosition(after),
        limit: limit + 1,
      });
      const items = await viewsOf(restate, found.slice(0, limit), { next: 1, recent: 5 });
      const last = items.at(-1);
      return found.length <= limit || last === undefined ? { items } : { items, next: last.id };
    },
    workflowOf: async (id) =>
      (await findSchedule(restate, id))?.definition.workflowId as WorkflowId | undefined,
    preview: async (spec) => ({ next: upcoming(spec, Date.now(), 10) }),
    async set(id, { workflowId, ...options }) {
      await workflows.get(workflowId);
      if (options.version !== undefined) await versions.get(workflowId, options.version);
      if (id.includes(".") && (await findSchedule(restate, id)) === undefined) throw reservedId(id);
      await assertCount(restate, workflowId, id);
      const input: PutScheduleInput = { workflowId, options, managedBy: "api" };
      await call(id, "put", input);
      return await get(id);
    },
    async remove(id) {
      const input: DeleteScheduleInput = { managedBy: "api" };
      await call(id, "delete", input);
    },
    async pause(id, by) {
      const input: PauseScheduleInput = by;
      await call(id, "pause", input);
      return await get(id);
    },
    async resume(id, by) {
      const input: PauseScheduleInput = by;
      await call(id, "resume", input);
      return await get(id);
    },
    trigger: async (id) => (await call(id, "trigger")) as { readonly executionId: ExecutionId },
    async backfill(id, request) {
      const input: BackfillInput = request;
      return (await call(id, "backfill", input)) as BackfillOutput;
    },
  };
}

async function assertCount(
  restate: Pick<RestateClient, "query">,
  workflowId: WorkflowId,
  id: string,
): Promise<void> {
  const ids = await scheduleIdsOf(restate, workflowId);
  if (ids.length < maxSchedulesPerWorkflow || ids.includes(id)) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot create schedule "${id}": workflow "${workflowId}" has ${ids.length} schedules, the maximum (maxSchedulesPerWorkflow)`,
  );
}

function reservedId(id: string): DuraniumError {
  return new DuraniumError(
    "invalid-request",
    `Cannot create schedule "${id}": IDs with a dot belong to schedules that the source of a workflow declares`,
  );
}

/** The position becomes part of SQL. */
function parsePosition(after: string | undefined): string | undefined {
  if (after === undefined || /^[a-z0-9.-]{1,130}$/.test(after)) return after;
  throw new DuraniumError("invalid-cursor", "The cursor is not one of this list");
}

interface Shown {
  readonly next: number;
  readonly recent: number;
}

async function viewsOf(
  restate: Pick<RestateClient, "query">,
  records: readonly (ScheduleRecord & { readonly payload?: JsonValue })[],
  shown: Shown,
): Promise<readonly ScheduleView[]> {
  const ids = records.flatMap(({ progress }) =>
    progress.recent.slice(0, shown.recent).flatMap(({ executionId }) => executionId ?? []),
  );
  const statuses = await readStatusesOf(restate, ids);
  const views: ScheduleView[] = [];
  for (const record of records) {
    views.push(viewOf(record, statuses, shown));
    // The next runs of a page take up to a second together, and other requests must not wait for all of them.
    await setImmediate();
  }
  return views;
}

function viewOf(
  record: ScheduleRecord & { readonly payload?: JsonValue },
  statuses: ReadonlyMap<string, ExecutionStatus>,
  shown: Shown,
): ScheduleView {
  const { id, definition, progress, paused, payload } = record;
  const { workflowId, overlap = "skip", catchUp = "PT1H", remaining: _, ...rest } = definition;
  return {
    id,
    workflowId: workflowId as WorkflowId,
    overlap,
    catchUp,
    ...rest,
    ...(progress.remaining === undefined ? {} : { remaining: progress.remaining }),
    ...(payload === undefined ? {} : { payload }),
    ...(paused === undefined ? {} : { paused }),
    info: infoOf(record, statuses, shown),
  };
}

function infoOf(
  { definition, progress, paused }: ScheduleRecord,
  statuses: ReadonlyMap<string, ExecutionStatus>,
  shown: Shown,
): ScheduleView["info"] {
  const { started, missed, skipped, failuresInRow, buffered, remaining = Infinity } = progress;
  const count = paused === undefined ? Math.min(shown.next, remaining) : 0;
  return {
    next: upcoming(definition.spec, progress.last, count),
    running: progress.running
      .map(({ executionId }) => executionId as ExecutionId)
      .filter((executionId) => !isEnded(statuses.get(executionId))),
    recent: progress.recent.slice(0, shown.recent).map(({ executionId, ...run }) => {
      const status = executionId === undefined ? undefined : statuses.get(executionId);
      return {
        ...run,
        ...(executionId === undefined ? {} : { executionId: executionId as ExecutionId }),
        ...(status === undefined ? {} : { status }),
      };
    }),
    started,
    missed,
    skipped,
    failuresInRow,
    buffered: buffered.length,
  };
}

function isEnded(status: ExecutionStatus | undefined): boolean {
  return status !== undefined && isFinal(status);
}

function upcoming(spec: ScheduleSpec, after: number, count: number): SchedulePreview["next"] {
  return nextOccurrences(createRecurrence(spec), after, count).map((occurrence) => {
    const note = clockChangeNote(occurrence, spec.timeZone);
    return { at: occurrence.at, ...(note === undefined ? {} : { note }) };
  });
}
