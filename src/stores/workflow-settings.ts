import type { WorkflowId } from "../domain/ids.ts";
import type { WorkflowSettings } from "../domain/workflow-settings.ts";
import type { Database } from "./sql/database.ts";
import { asc, eq, isNotNull, sql } from "./sql/drizzle.ts";
import { workflowSettings } from "./sql/schema.ts";

/** How long ended executions of a workflow are retained. */
export interface WorkflowRetention {
  readonly workflowId: WorkflowId;
  readonly retentionHours: number;
}

/** Settings of workflows. */
export interface WorkflowSettingsStore {
  /** Empty if no settings were saved. */
  get(workflowId: WorkflowId): WorkflowSettings;
  /** The workflows with their own retention, by ID. */
  retentions(): readonly WorkflowRetention[];
  set(workflowId: WorkflowId, settings: WorkflowSettings, now: number): void;
  removeAll(workflowId: WorkflowId): void;
}

export function createWorkflowSettingsStore({ queries }: Database): WorkflowSettingsStore {
  // Prepared once, because every fetch reads the settings.
  const settingsOf = queries
    .select()
    .from(workflowSettings)
    .where(eq(workflowSettings.workflowId, sql.placeholder("workflowId")))
    .prepare();
  return {
    get: (workflowId) => settingsOf.get({ workflowId })?.settings ?? {},
    retentions: () =>
      queries
        .select({ workflowId: workflowSettings.workflowId, retentionHours })
        .from(workflowSettings)
        .where(isNotNull(retentionHours))
        .orderBy(asc(workflowSettings.workflowId))
        .all(),
    set(workflowId, settings, updatedAt) {
      const row = { settings, updatedAt };
      queries
        .insert(workflowSettings)
        .values({ workflowId, ...row })
        .onConflictDoUpdate({ target: workflowSettings.workflowId, set: row })
        .run();
    },
    removeAll: (workflowId) => void queries.delete(workflowSettings).where(isOf(workflowId)).run(),
  };
}

const retentionHours = sql<number>`${workflowSettings.settings} ->> 'retentionHours'`;

function isOf(workflowId: WorkflowId) {
  return eq(workflowSettings.workflowId, workflowId);
}
