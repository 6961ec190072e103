import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { WorkflowPause } from "../domain/flow/workflow-pause.ts";
import type { SqliteDatabase } from "./sql/sqlite.ts";
import { and, eq, inArray, notInArray, sql } from "./sql/drizzle.ts";
import { pausedExecutions, workflowPauses } from "./sql/schema.ts";

/** An execution that the pause of its workflow has paused. */
export interface PausedExecution {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
}

/** Which workflows are paused, and which executions their pauses have paused. */
export interface WorkflowPauseStore {
  get(workflowId: WorkflowId): WorkflowPause | undefined;
  /** All paused workflows. */
  all(): ReadonlyMap<WorkflowId, WorkflowPause>;
  /** Pauses a workflow. A further pause replaces the note, and still includes running executions if the earlier one did. */
  set(workflowId: WorkflowId, pause: WorkflowPause): void;
  remove(workflowId: WorkflowId): void;
  /** The same, when a workflow is deleted. */
  removeAll(workflowId: WorkflowId): void;
  /** Records that the pause of its workflow pauses the execution. Returns false if the execution is exempt from it. */
  add(execution: PausedExecution): boolean;
  /** Lets an execution run although its workflow is paused. */
  exempt(execution: PausedExecution): void;
  /** Those of `executionIds` that are recorded and not exempt. */
  pausedOf(executionIds: readonly ExecutionId[]): ReadonlySet<ExecutionId>;
  /** The recorded executions whose workflow is no longer paused. */
  resumable(limit: number): readonly (PausedExecution & { readonly exempt: boolean })[];
  /** Forgets an execution, so that resuming its workflow does not resume it. */
  forget(executionId: ExecutionId): void;
}

export function createWorkflowPauseStore({ sync: queries }: SqliteDatabase): WorkflowPauseStore {
  // Prepared once, because every attempt reads it.
  const pauseOf = queries
    .select()
    .from(workflowPauses)
    .where(eq(workflowPauses.workflowId, sql.placeholder("workflowId")))
    .prepare();
  const resumed = notInArray(
    pausedExecutions.workflowId,
    queries.select({ workflowId: workflowPauses.workflowId }).from(workflowPauses),
  );
  const remove = (workflowId: WorkflowId) =>
    void queries.delete(workflowPauses).where(eq(workflowPauses.workflowId, workflowId)).run();
  return {
    get(workflowId) {
      const row = pauseOf.get({ workflowId });
      return row === undefined ? undefined : toPause(row);
    },
    all() {
      const rows = queries.select().from(workflowPauses).all();
      return new Map(rows.map((row) => [row.workflowId, toPause(row)]));
    },
    set(workflowId, { note = null, ...pause }) {
      const running = pause.running || sql`${workflowPauses.running}`;
      queries
        .insert(workflowPauses)
        .values({ workflowId, note, ...pause })
        .onConflictDoUpdate({ target: workflowPauses.workflowId, set: { ...pause, note, running } })
        .run();
    },
    remove,
    removeAll: remove,
    add(execution) {
      queries
        .insert(pausedExecutions)
        .values({ ...execution, exempt: false })
        .onConflictDoNothing()
        .run();
      const row = queries.select().from(pausedExecutions).where(isRecorded(execution.executionId)).get();
      return row?.exempt !== true;
    },
    exempt: (execution) =>
      void queries
        .insert(pausedExecutions)
        .values({ ...execution, exempt: true })
        .onConflictDoUpdate({ target: pausedExecutions.executionId, set: { exempt: true } })
        .run(),
    pausedOf(executionIds) {
      const among = inArray(pausedExecutions.executionId, [...executionIds]);
      const rows = queries
        .select()
        .from(pausedExecutions)
        .where(and(among, eq(pausedExecutions.exempt, false)))
        .all();
      return new Set(rows.map(({ executionId }) => executionId));
    },
    resumable: (limit) => queries.select().from(pausedExecutions).where(resumed).limit(limit).all(),
    forget: (executionId) => void queries.delete(pausedExecutions).where(isRecorded(executionId)).run(),
  };
}

function isRecorded(executionId: ExecutionId) {
  return eq(pausedExecutions.executionId, executionId);
}

function toPause({ at, by, note, running }: typeof workflowPauses.$inferSelect): WorkflowPause {
  return { at, by, running, ...(note === null ? {} : { note }) };
}
