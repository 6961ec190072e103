import type { Page, PageRequest } from "../base/page.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { Workflow } from "../domain/workflow.ts";
import { prepare } from "./sql/database.ts";
import type { Database } from "./sql/database.ts";
import { and, asc, eq, gt, inArray, isNull, sql } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

/** The workflows that were deployed and not removed. A deploy adds them (`VersionStore.record`). */
export interface WorkflowStore {
  /** @throws {DuraniumError} `workflow-not-found`, also if it was removed */
  get(workflowId: WorkflowId): Promise<Workflow>;
  /** True if the workflow was deployed and has been removed. */
  isRemoved(workflowId: WorkflowId): Promise<boolean>;
  /**
   * Lists workflows by ID, which is also the key.
   * @param only if given, restricts the list to these workflows
   */
  list(page: PageRequest<WorkflowId>, only?: readonly WorkflowId[]): Promise<Page<Workflow, WorkflowId>>;
  /**
   * Hides the workflow. Its versions are retained for its executions until the workflow is deployed again. Removing it
   * again changes nothing, so a crash before the caller learns of it is harmless.
   *
   * @throws {DuraniumError} `workflow-not-found` if it was never deployed
   */
  remove(workflowId: WorkflowId, now: number): Promise<void>;
}

export function createWorkflowStore(database: Database): WorkflowStore {
  const { queries, tables } = database;
  const { workflows } = tables;
  const findById = prepare(
    queries
      .select()
      .from(workflows)
      .where(eq(workflows.id, sql.placeholder("id"))),
  );
  const find = async (id: WorkflowId): Promise<WorkflowRow | undefined> =>
    (await findById.execute({ id }))[0];
  return {
    async get(workflowId) {
      const row = await find(workflowId);
      return row === undefined || row.removedAt !== null ? throwNotFound(workflowId) : toWorkflow(row);
    },
    isRemoved: async (workflowId) => typeof (await find(workflowId))?.removedAt === "number",
    async list(page, only) {
      const rows = await readRows(database, { after: page.after, limit: page.limit + 1 }, only);
      return keysetPage(rows, { limit: page.limit, toItem: toWorkflow, keyOf: (row) => row.id });
    },
    async remove(workflowId, now) {
      const live = and(eq(workflows.id, workflowId), isNull(workflows.removedAt));
      await queries.update(workflows).set({ removedAt: now }).where(live);
      if ((await find(workflowId)) === undefined) throwNotFound(workflowId);
    },
  };
}

type WorkflowRow = Tables["workflows"]["$inferSelect"];

async function readRows(
  { queries, tables: { workflows } }: Database,
  { after, limit }: PageRequest<WorkflowId>,
  only: readonly WorkflowId[] | undefined,
): Promise<WorkflowRow[]> {
  const among = only === undefined ? undefined : inArray(workflows.id, [...only]);
  const live = and(isNull(workflows.removedAt), among);
  return await queries
    .select()
    .from(workflows)
    .where(after === undefined ? live : and(live, gt(workflows.id, after)))
    .orderBy(asc(workflows.id))
    .limit(limit);
}

function toWorkflow({ id, createdAt, latestVersion }: WorkflowRow): Workflow {
  return { workflowId: id, createdAt, latestVersion };
}

function throwNotFound(workflowId: WorkflowId): never {
  throw new DuraniumError("workflow-not-found", `There is no workflow "${workflowId}"`);
}
