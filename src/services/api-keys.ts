import type { ApiKeyService } from "../api/contract/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { hashApiKey } from "../stores/api-key-format.ts";
import { lastUsedResolutionMs } from "../stores/api-keys.ts";
import type { ApiKeyStore } from "../stores/api-keys.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import { createLastUsedTracker } from "./last-used-tracker.ts";

/** API keys. Look-ups are not cached, so a revoked key stops working immediately. */
export function createApiKeyService(
  store: ApiKeyStore,
  workflows: Pick<WorkflowStore, "isRemoved">,
): ApiKeyService {
  const trackUse = createLastUsedTracker(store, lastUsedResolutionMs);
  return {
    async create(apiKey) {
      for (const workflowId of apiKey.workflows ?? []) await assertNotRemoved(workflows, workflowId);
      const { key, record } = await store.create(apiKey, Date.now());
      return { ...record, key };
    },
    list: async (page) => await store.list(page),
    async revoke(id) {
      await store.revoke(id, Date.now());
    },
    async authenticate(key) {
      const now = Date.now();
      const record = await store.find(hashApiKey(key), now);
      if (record !== undefined) trackUse(record.id, record.lastUsedAt, now);
      return record;
    },
  };
}

/** Until the name is deployed again, its executions belong to the previous owner. */
async function assertNotRemoved(
  { isRemoved }: Pick<WorkflowStore, "isRemoved">,
  workflowId: WorkflowId,
): Promise<void> {
  if (!(await isRemoved(workflowId))) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot create an API key for workflow "${workflowId}": it was deleted, and the key would give access to its executions. Deploy it again first`,
    { fields: [{ pointer: "#/workflows", detail: `"${workflowId}" was deleted: deploy it again first` }] },
  );
}
