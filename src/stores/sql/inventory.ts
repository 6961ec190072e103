import type { WorkflowId } from "../../domain/ids.ts";
import type { Database } from "./database.ts";
import { isNotNull, isNull, max, eq } from "./drizzle.ts";

/** Data outside the database that it refers to, so that a loss of it is detected at start-up. */
export interface StoredInventory {
  /** The master keys that secrets and channels of alerts are encrypted with: `Box.keyId`. */
  readonly masterKeyIds: readonly string[];
  /** The newest version of each workflow that is not removed. */
  readonly newestVersions: readonly NewestVersion[];
}

export interface NewestVersion {
  readonly workflowId: WorkflowId;
  readonly version: number;
}

export async function readInventory({ queries, tables }: Database): Promise<StoredInventory> {
  const { alertRules, secrets, versions, webhooks, workflows } = tables;
  const ofSecrets = await queries.selectDistinct({ keyId: secrets.keyId }).from(secrets);
  const ofWebhooks = await queries
    .selectDistinct({ keyId: webhooks.keyId })
    .from(webhooks)
    .where(isNotNull(webhooks.keyId));
  const ofRules = await queries.selectDistinct({ keyId: alertRules.keyId }).from(alertRules);
  const newest = await queries
    .select({ workflowId: versions.workflowId, version: max(versions.version) })
    .from(versions)
    .innerJoin(workflows, eq(versions.workflowId, workflows.id))
    .where(isNull(workflows.removedAt))
    .groupBy(versions.workflowId);
  return {
    masterKeyIds: [...new Set([...ofSecrets, ...ofWebhooks, ...ofRules].flatMap(({ keyId }) => keyId ?? []))],
    newestVersions: newest.map(({ workflowId, version }) => ({ workflowId, version: Number(version) })),
  };
}
