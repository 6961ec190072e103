import { eq, sql } from "drizzle-orm";
import type { WorkflowId } from "../domain/ids.ts";
import type { WorkflowSettings } from "../domain/workflow-settings.ts";
import type { Database } from "./database.ts";
import { workflowSettings } from "./schema.ts";

/** What is set for workflows. */
export interface WorkflowSettingsStore {
  /** Nothing is set where nobody did. */
  get(workflowId: WorkflowId): WorkflowSettings;
  set(workflowId: WorkflowId, settings: WorkflowSettings, now: number): void;
  removeAll(workflowId: WorkflowId): void;
}

export function createWorkflowSettingsStore({ queries }: Database): WorkflowSettingsStore {
  // Read for every fetch: to put the query together takes ten times as long as to make it.
  const settingsOf = queries
    .select()
    .from(workflowSettings)
    .where(eq(workflowSettings.workflowId, sql.placeholder("workflowId")))
    .prepare();
  return {
    get: (workflowId) => settingsOf.get({ workflowId })?.settings ?? {},
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

function isOf(workflowId: WorkflowId) {
  return eq(workflowSettings.workflowId, workflowId);
}
