import type { WorkflowId } from "../../domain/ids.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import { isNotNull, isNull, max, eq } from "./drizzle.ts";
import { alertRules, webhooks, secrets, versions, workflows } from "./schema.ts";

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

export function readInventory({ sync: queries }: SqliteDatabase): StoredInventory {
  const ofSecrets = queries.selectDistinct({ keyId: secrets.keyId }).from(secrets).all();
  const ofWebhooks = queries
    .selectDistinct({ keyId: webhooks.keyId })
    .from(webhooks)
    .where(isNotNull(webhooks.keyId))
    .all();
  const ofRules = queries.selectDistinct({ keyId: alertRules.keyId }).from(alertRules).all();
  const newest = queries
    .select({ workflowId: versions.workflowId, version: max(versions.version) })
    .from(versions)
    .innerJoin(workflows, eq(versions.workflowId, workflows.id))
    .where(isNull(workflows.removedAt))
    .groupBy(versions.workflowId)
    .all();
  return {
    masterKeyIds: [...new Set([...ofSecrets, ...ofWebhooks, ...ofRules].flatMap(({ keyId }) => keyId ?? []))],
    newestVersions: newest.map(({ workflowId, version }) => ({ workflowId, version: Number(version) })),
  };
}
