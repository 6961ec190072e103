import type { SettingsService } from "../api/contract/services.ts";
import { egressRules, assertSettingsWithin } from "../domain/workflow-settings.ts";
import type { SettingsMaxima } from "../domain/workflow-settings.ts";
import type { WorkflowSettingsStore } from "../stores/workflow-settings.ts";

export function createSettingsService(store: WorkflowSettingsStore, most: SettingsMaxima): SettingsService {
  return {
    get: async (workflowId) => store.get(workflowId),
    async set(workflowId, settings) {
      // Rejects invalid rules here rather than in each execution.
      egressRules(settings);
      assertSettingsWithin(most, settings);
      store.set(workflowId, settings, Date.now());
    },
  };
}
