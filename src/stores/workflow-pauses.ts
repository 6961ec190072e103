import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { WorkflowPause } from "../domain/flow/workflow-pause.ts";
import { prepare } from "./sql/database.ts";
import type { Database, Queries } from "./sql/database.ts";
import { and, eq, inArray, notInArray, sql } from "./sql/drizzle.ts";
import type { Tables } from "./sql/tables.ts";

/** An execution that the pause of its workflow has paused. */
export interface PausedExecution {
  readonly executionId: ExecutionId;
  readonly workflowId: WorkflowId;
}

/** Which workflows are paused, and which executions their pauses have paused. */
export interface WorkflowPauseStore {
  get(workflowId: WorkflowId): Promise<WorkflowPause | undefined>;
  /** All paused workflows. */
  all(): Promise<ReadonlyMap<WorkflowId, WorkflowPause>>;
  /** Pauses a workflow. A further pause replaces the note, and still includes running executions if the earlier one did. */
  set(workflowId: WorkflowId, pause: WorkflowPause): Promise<void>;
  remove(workflowId: WorkflowId): Promise<void>;
  /** The same, when a workflow is deleted. */
  removeAll(workflowId: WorkflowId): Promise<void>;
  /** Records that the pause of its workflow pauses the execution. Returns false if the execution is exempt from it. */
  add(execution: PausedExecution): Promise<boolean>;
  /** Lets an execution run although its workflow is paused. */
  exempt(execution: PausedExecution): Promise<void>;
  /** Those of `executionIds` that are recorded and not exempt. */
  pausedOf(executionIds: readonly ExecutionId[]): Promise<ReadonlySet<ExecutionId>>;
  /** The recorded executions whose workflow is no longer paused. */
  resumable(limit: number): Promise<readonly (PausedExecution & { readonly exempt: boolean })[]>;
  /** Forgets an execution, so that resuming its workflow does not resume it. */
  forget(executionId: ExecutionId): Promise<void>;
}

export function createWorkflowPauseStore({ queries, tables }: Database): WorkflowPauseStore {
  const { pausedExecutions, workflowPauses } = tables;
  const isRecorded = (executionId: ExecutionId) => eq(pausedExecutions.executionId, executionId);
  const pauseOf = pauseStatement(queries, workflowPauses);
  const resumed = notInArray(
    pausedExecutions.workflowId,
    queries.select({ workflowId: workflowPauses.workflowId }).from(workflowPauses),
  );
  const remove = async (workflowId: WorkflowId) =>
    void (await queries.delete(workflowPauses).where(eq(workflowPauses.workflowId, workflowId)));
  return {
    async get(workflowId) {
      const [row] = await pauseOf.execute({ workflowId });
      return row === undefined ? undefined : toPause(row);
    },
    async all() {
      const found = await queries.select().from(workflowPauses);
      return new Map(found.map((row) => [row.workflowId, toPause(row)]));
    },
    async set(workflowId, { note = null, ...pause }) {
      const running = pause.running || sql`${workflowPauses.running}`;
      await queries
        .insert(workflowPauses)
        .values({ workflowId, note, ...pause })
        .onConflictDoUpdate({ target: workflowPauses.workflowId, set: { ...pause, note, running } });
    },
    remove,
    removeAll: remove,
    async add(execution) {
      await queries
        .insert(pausedExecutions)
        .values({ ...execution, exempt: false })
        .onConflictDoNothing();
      const [row] = await queries.select().from(pausedExecutions).where(isRecorded(execution.executionId));
      return row?.exempt !== true;
    },
    async exempt(execution) {
      await queries
        .insert(pausedExecutions)
        .values({ ...execution, exempt: true })
        .onConflictDoUpdate({ target: pausedExecutions.executionId, set: { exempt: true } });
    },
    async pausedOf(executionIds) {
      const among = inArray(pausedExecutions.executionId, [...executionIds]);
      const found = await queries
        .select()
        .from(pausedExecutions)
        .where(and(among, eq(pausedExecutions.exempt, false)));
      return new Set(found.map(({ executionId }) => executionId));
    },
    resumable: async (limit) => await queries.select().from(pausedExecutions).where(resumed).limit(limit),
    forget: async (executionId) =>
      void (await queries.delete(pausedExecutions).where(isRecorded(executionId))),
  };
}

function toPause({ at, by, note, running }: Tables["workflowPauses"]["$inferSelect"]): WorkflowPause {
  return { at, by, running, ...(note === null ? {} : { note }) };
}

/** Prepared once, because every attempt reads it. */
function pauseStatement(queries: Queries, workflowPauses: Tables["workflowPauses"]) {
  const isOf = eq(workflowPauses.workflowId, sql.placeholder("workflowId"));
  return prepare(queries.select().from(workflowPauses).where(isOf));
}
