import type { Page, PageRequest } from "../base/page.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { Workflow } from "../domain/workflow.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, asc, eq, gt, inArray, isNull, sql } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { workflows } from "./sql/schema.ts";

/** The workflows that were deployed and not removed. A deploy adds them (`VersionStore.record`). */
export interface WorkflowStore {
  /** @throws {DuraniumError} `workflow-not-found`, also if it was removed */
  get(workflowId: WorkflowId): Workflow;
  /** True if the workflow was deployed and has been removed. */
  isRemoved(workflowId: WorkflowId): boolean;
  /**
   * Lists workflows by ID, which is also the key.
   * @param only if given, restricts the list to these workflows
   */
  list(page: PageRequest<WorkflowId>, only?: readonly WorkflowId[]): Page<Workflow, WorkflowId>;
  /**
   * Hides the workflow. Its versions are retained for its executions until the workflow is deployed again. Removing it
   * again changes nothing, so a crash before the caller learns of it is harmless.
   *
   * @throws {DuraniumError} `workflow-not-found` if it was never deployed
   */
  remove(workflowId: WorkflowId, now: number): void;
}

export function createWorkflowStore({ sync: queries }: SqliteDatabase): WorkflowStore {
  const findById = queries
    .select()
    .from(workflows)
    .where(eq(workflows.id, sql.placeholder("id")))
    .prepare();
  const find = (id: WorkflowId): WorkflowRow | undefined => findById.get({ id });
  return {
    get: (workflowId) => {
      const row = find(workflowId);
      return row === undefined || row.removedAt !== null ? throwNotFound(workflowId) : toWorkflow(row);
    },
    isRemoved: (workflowId) => typeof find(workflowId)?.removedAt === "number",
    list: (page, only) =>
      keysetPage(readRows(queries, { after: page.after, limit: page.limit + 1 }, only), {
        limit: page.limit,
        toItem: toWorkflow,
        keyOf: (row) => row.id,
      }),
    remove: (workflowId, now) => {
      const live = and(eq(workflows.id, workflowId), isNull(workflows.removedAt));
      queries.update(workflows).set({ removedAt: now }).where(live).run();
      if (find(workflowId) === undefined) throwNotFound(workflowId);
    },
  };
}

type WorkflowRow = typeof workflows.$inferSelect;

function readRows(
  queries: SyncQueries,
  { after, limit }: PageRequest<WorkflowId>,
  only: readonly WorkflowId[] | undefined,
): WorkflowRow[] {
  const among = only === undefined ? undefined : inArray(workflows.id, [...only]);
  const live = and(isNull(workflows.removedAt), among);
  return queries
    .select()
    .from(workflows)
    .where(after === undefined ? live : and(live, gt(workflows.id, after)))
    .orderBy(asc(workflows.id))
    .limit(limit)
    .all();
}

function toWorkflow({ id, createdAt, latestVersion }: WorkflowRow): Workflow {
  return { workflowId: id, createdAt, latestVersion };
}

function throwNotFound(workflowId: WorkflowId): never {
  throw new DuraniumError("workflow-not-found", `There is no workflow "${workflowId}"`);
}
