import { expect, test } from "vitest";
import { createPostgresDatabase, describeWithPostgres } from "../../test/support/postgres.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { hashApiKey } from "./api-key-format.ts";
import { createApiKeyStore } from "./api-keys.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { createSecretStore } from "./secrets.ts";
import type { Database } from "./sql/database.ts";
import { openPostgres } from "./sql/postgres.ts";
import { deployOf } from "./testing/deploys.ts";
import { silentLogger } from "./testing/logger.ts";
import { createVersionStore } from "./versions.ts";
import { createWorkflowSettingsStore } from "./workflow-settings.ts";
import { createWorkflowStore } from "./workflows.ts";

const orders = "orders" as WorkflowId;
const keys = createKeyRing(parseKeys(generateKey()));

/** The stores of one process. */
function storesOn(database: Database) {
  return {
    apiKeys: createApiKeyStore(database),
    secrets: createSecretStore(database, keys),
    settings: createWorkflowSettingsStore(database),
    versions: createVersionStore(database),
    workflows: createWorkflowStore(database),
  };
}

/** Two processes on one database. With `isSilent`, the notices of the first one are lost, as if it was killed before them. */
async function openProcesses({ isSilent = false } = {}) {
  const url = await createPostgresDatabase();
  const first = await openPostgres(url, { logger: silentLogger });
  const second = await openPostgres(url, { logger: silentLogger });
  return {
    first: storesOn(isSilent ? { ...first, publish: () => {} } : first),
    second: storesOn(second),
    async [Symbol.asyncDispose]() {
      await first[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    },
  };
}

describeWithPostgres("what processes remember of PostgreSQL", () => {
  test.each([false, true])(
    "a revoked key, changed settings and a replaced secret take effect in another process (notices lost: %s)",
    async (isSilent) => {
      await using processes = await openProcesses({ isSilent });
      const { first, second } = processes;
      const { key, record } = await first.apiKeys.create({ name: "ci", scopes: ["executions:run"] }, 1_000);
      const secret = { name: "TOKEN", hosts: ["api.example.com"], updatedAt: 1 };
      await first.secrets.set(orders, { ...secret, value: "old" });
      await first.settings.set(orders, { egress: { allow: ["a.example.com"] } }, 1);
      const seen = async () => [
        (await second.apiKeys.find(hashApiKey(key), 2_000))?.name,
        (await second.secrets.find(orders, "TOKEN"))?.value,
        (await second.settings.get(orders)).egress?.allow,
      ];
      await expect.poll(seen).toEqual(["ci", "old", ["a.example.com"]]);
      await first.apiKeys.revoke(record.id, 2_000);
      await first.secrets.set(orders, { ...secret, value: "new" });
      await first.settings.set(orders, { egress: { allow: ["b.example.com"] } }, 2);
      await expect.poll(seen).toEqual([undefined, "new", ["b.example.com"]]);
    },
  );

  test("a change takes effect at once in the process that makes it", async () => {
    await using processes = await openProcesses();
    const { apiKeys } = processes.first;
    const { key, record } = await apiKeys.create({ name: "ci", scopes: ["executions:run"] }, 1_000);
    expect(await apiKeys.find(hashApiKey(key), 2_000)).toBeDefined();
    await apiKeys.revoke(record.id, 2_000);
    expect(await apiKeys.find(hashApiKey(key), 2_000)).toBeUndefined();
  });

  test("a key loses a removed workflow at once when another owner deploys it", async () => {
    await using processes = await openProcesses();
    const { apiKeys, versions, workflows } = processes.first;
    await versions.record(deployOf("inv_1"));
    const bound = { name: "ci", scopes: ["executions:run"], workflows: [orders] } as const;
    const { key } = await apiKeys.create(bound, 1_000);
    await workflows.remove(orders, 1_500);
    expect((await apiKeys.find(hashApiKey(key), 2_000))?.workflows).toEqual([orders]);
    await versions.record(deployOf("inv_2"));
    expect((await apiKeys.find(hashApiKey(key), 2_000))?.workflows).toEqual([]);
  });

  test("a remembered key expires at its time", async () => {
    await using processes = await openProcesses();
    const { apiKeys } = processes.first;
    const { key } = await apiKeys.create({ name: "ci", scopes: [], expiresAt: 2_000 }, 1_000);
    expect(await apiKeys.find(hashApiKey(key), 1_999)).toBeDefined();
    expect(await apiKeys.find(hashApiKey(key), 2_000)).toBeUndefined();
  });
});
