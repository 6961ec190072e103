import type { SecretService } from "../api/contract/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseHostPattern } from "../domain/host-pattern.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { SecretSource } from "../host/secrets/secrets.ts";
import type { SecretStore } from "../stores/secrets.ts";
import { maxSecretsPerWorkflow } from "./limits.ts";

export function createSecretService(store: SecretStore): SecretService {
  return {
    list: async (workflowId) => await store.list(workflowId),
    async set(workflowId, { name, value, hosts }) {
      for (const host of hosts) parseHostPattern(host);
      assertCapacity(workflowId, await store.list(workflowId), name);
      const record = { name, hosts, updatedAt: Date.now() };
      await store.set(workflowId, { ...record, value });
      return record;
    },
    async remove(workflowId, name) {
      if (await store.remove(workflowId, name)) return;
      throw new DuraniumError("secret-not-found", `Workflow "${workflowId}" has no secret ${name}`);
    },
  };
}

/** Gives operations the value of a secret at the moment of sending it. */
export function createSecretSource(store: Pick<SecretStore, "find">): SecretSource {
  return {
    async find(workflowId, name) {
      const secret = await store.find(workflowId as WorkflowId, name);
      if (secret === undefined) return undefined;
      return { value: secret.value, hosts: secret.hosts.map(parseHostPattern) };
    },
  };
}

function assertCapacity(
  workflowId: WorkflowId,
  known: readonly { readonly name: string }[],
  name: string,
): void {
  if (known.length < maxSecretsPerWorkflow || known.some((secret) => secret.name === name)) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot set the secret ${name}: workflow "${workflowId}" has ${maxSecretsPerWorkflow} secrets, the maximum (maxSecretsPerWorkflow)`,
  );
}
