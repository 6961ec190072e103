import type { WorkflowId } from "../domain/ids.ts";
import type { WorkflowSettings } from "../domain/workflow-settings.ts";
import { createReadCache } from "./coordination/read-cache.ts";
import { prepare } from "./sql/database.ts";
import type { Database } from "./sql/database.ts";
import { asc, eq, like, sql } from "./sql/drizzle.ts";

/** How long ended executions of a workflow are retained. */
export interface WorkflowRetention {
  readonly workflowId: WorkflowId;
  readonly retentionHours: number;
}

/** Settings of workflows. */
export interface WorkflowSettingsStore {
  /** Empty if no settings were saved. */
  get(workflowId: WorkflowId): Promise<WorkflowSettings>;
  /** The workflows with their own retention, by ID. */
  retentions(): Promise<readonly WorkflowRetention[]>;
  set(workflowId: WorkflowId, settings: WorkflowSettings, now: number): Promise<void>;
  removeAll(workflowId: WorkflowId): Promise<void>;
}

export function createWorkflowSettingsStore(database: Database): WorkflowSettingsStore {
  const { queries, tables } = database;
  const { workflowSettings } = tables;
  const { settings, workflowId } = workflowSettings;
  // Prepared once, because every fetch reads the settings.
  const settingsOf = prepare(
    queries
      .select({ settings })
      .from(workflowSettings)
      .where(eq(workflowId, sql.placeholder("workflowId"))),
  );
  const cache = createReadCache<WorkflowSettings>(database, "workflow-settings");
  return {
    async get(id) {
      return await cache.read(id, async () => {
        const [row] = await settingsOf.execute({ workflowId: id });
        return row?.settings ?? {};
      });
    },
    async retentions() {
      const found = await queries
        .select({ workflowId, settings })
        .from(workflowSettings)
        .where(like(settings, '%"retentionHours"%'))
        .orderBy(asc(workflowId));
      return found.flatMap((row) => {
        const { retentionHours } = row.settings;
        return retentionHours === undefined ? [] : [{ workflowId: row.workflowId, retentionHours }];
      });
    },
    async set(id, changed, updatedAt) {
      const row = { settings: changed, updatedAt };
      await queries
        .insert(workflowSettings)
        .values({ workflowId: id, ...row })
        .onConflictDoUpdate({ target: workflowId, set: row });
      cache.changed();
    },
    async removeAll(id) {
      await queries.delete(workflowSettings).where(eq(workflowId, id));
      cache.changed();
    },
  };
}
