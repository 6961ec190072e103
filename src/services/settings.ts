import type { SettingsService } from "../api/contract/services.ts";
import { mergeFlow } from "../domain/automation/flow-settings.ts";
import { limitsWithin } from "../domain/execution-limits.ts";
import { queueLimitsOf } from "../domain/flow/flow-plan.ts";
import { workflowQueue } from "../domain/flow/queue-id.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { egressRules, assertSettingsWithin } from "../domain/workflow-settings.ts";
import type { SettingsMaxima, WorkflowSettings } from "../domain/workflow-settings.ts";
import { queueObjectName } from "../journal/object-names.ts";
import { readCurrentFlow } from "../read-model/queries.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import type { WorkflowSettingsStore } from "../stores/workflow-settings.ts";

export function createSettingsService(
  store: WorkflowSettingsStore,
  most: SettingsMaxima,
  restate: Pick<RestateClient, "query" | "call">,
): SettingsService {
  return {
    get: async (workflowId) => await store.get(workflowId),
    async set(workflowId, settings) {
      // Rejects invalid rules here rather than in each execution.
      egressRules(settings);
      assertSettingsWithin(most, settings);
      const before = await store.get(workflowId);
      await store.set(workflowId, settings, Date.now());
      if (before.flow !== undefined || settings.flow !== undefined)
        await configureQueue(restate, most, workflowId, settings);
    },
  };
}

/** Applies changed flow control at once, also to executions that wait. */
async function configureQueue(
  restate: Pick<RestateClient, "query" | "call">,
  { maxLimits }: SettingsMaxima,
  workflowId: WorkflowId,
  settings: WorkflowSettings,
): Promise<void> {
  const flow = mergeFlow(await readCurrentFlow(restate, workflowId), settings.flow) ?? {};
  const limits = queueLimitsOf(flow, limitsWithin(maxLimits, settings.limits).payloadBytes);
  const target = { object: queueObjectName, key: workflowQueue(workflowId), handler: "configure" };
  await restate.call(target, { limits, at: Date.now() });
}
