import type { SettingsService } from "../api/services.ts";
import { requireWithin } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { egressRules, requireRetentionWithin } from "../domain/workflow-settings.ts";
import type { WorkflowSettingsStore } from "../stores/workflow-settings.ts";

/** @param most the most that settings may give */
export function createSettingsService(
  store: WorkflowSettingsStore,
  most: { readonly maxLimits: ExecutionLimits; readonly retentionHours: number },
): SettingsService {
  return {
    get: async (workflowId) => store.get(workflowId),
    async set(workflowId, settings) {
      // What cannot be read is to be told now, and not by an execution.
      egressRules(settings);
      requireWithin(most.maxLimits, settings.limits ?? {});
      requireRetentionWithin(most.retentionHours, settings);
      store.set(workflowId, settings, Date.now());
    },
  };
}
