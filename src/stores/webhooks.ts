import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { Webhook } from "../domain/webhook.ts";
import type { KeyRing } from "./data-directory/key-ring.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, asc, eq, inArray, lte, sql } from "./sql/drizzle.ts";
import { webhookDeliveries, webhookSignatures, webhooks } from "./sql/schema.ts";

/** The webhooks of workflows. Tokens are stored as hashes, and signing secrets are encrypted. */
export interface WebhookStore {
  add(webhook: Webhook, token: string, secret: string | undefined): void;
  /** The webhook of a token, with its signing secret. */
  find(token: string): { readonly webhook: Webhook; readonly secret: string | undefined } | undefined;
  /** Lists webhooks in the order of their creation. */
  list(workflowId: WorkflowId): readonly Webhook[];
  /**
   * Replaces the token; the previous one stops working.
   * @returns true if the webhook exists
   */
  replaceToken(workflowId: WorkflowId, id: string, token: string): boolean;
  /**
   * Replaces the name; `undefined` removes it.
   * @returns the webhook, if it exists
   */
  rename(workflowId: WorkflowId, id: string, name: string | undefined): Webhook | undefined;
  /** @returns true if the webhook existed */
  remove(workflowId: WorkflowId, id: string): boolean;
  removeAll(workflowId: WorkflowId): void;
  /**
   * The time at which the webhook first received a signature, at most `windowMs` ago; `now` if it had not. The
   * signature stays recorded if the process exits afterwards.
   */
  firstSeen(webhookId: string, signature: string, options: { now: number; windowMs: number }): number;
  /**
   * Encrypts all signing secrets with the current master key.
   * @returns the number of secrets that used another key
   */
  reencrypt(): number;
}

export function createWebhookStore({ sync: queries }: SqliteDatabase, keys: KeyRing): WebhookStore {
  const findByToken = queries
    .select()
    .from(webhooks)
    .where(eq(webhooks.tokenHash, sql.placeholder("tokenHash")))
    .prepare();
  return {
    add(webhook, token, secret) {
      const box = secret === undefined ? undefined : keys.seal(secret, aboutOf(webhook.id));
      queries
        .insert(webhooks)
        .values({
          ...webhook,
          name: webhook.name ?? null,
          entryPoint: webhook.entryPoint ?? null,
          tokenHash: digestOf(token),
          keyId: box?.keyId ?? null,
          encrypted: box === undefined ? null : Buffer.from(box.bytes),
        })
        .run();
    },
    find(token) {
      const row = findByToken.get({ tokenHash: digestOf(token) });
      return row === undefined ? undefined : { webhook: toWebhook(row), secret: open(row, keys) };
    },
    list: (workflowId) =>
      queries
        .select()
        .from(webhooks)
        .where(eq(webhooks.workflowId, workflowId))
        .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
        .all()
        .map(toWebhook),
    replaceToken: (workflowId, id, token) =>
      queries
        .update(webhooks)
        .set({ tokenHash: digestOf(token) })
        .where(isOf(workflowId, id))
        .run().changes > 0,
    rename(workflowId, id, name) {
      const row = queries
        .update(webhooks)
        .set({ name: name ?? null })
        .where(isOf(workflowId, id))
        .returning()
        .get();
      return row === undefined ? undefined : toWebhook(row);
    },
    remove: (workflowId, id) => removeThose(queries, isOf(workflowId, id)) > 0,
    removeAll: (workflowId) => void removeThose(queries, eq(webhooks.workflowId, workflowId)),
    firstSeen: (webhookId, signature, options) =>
      queries.transaction((tx) => firstSeen(tx, digestOf(`${webhookId} ${signature}`), options), {
        behavior: "immediate",
      }),
    reencrypt: () => queries.transaction((tx) => reencrypt(tx, keys), { behavior: "immediate" }),
  };
}

/** Removes webhooks with the log of their requests. Returns their number. */
function removeThose(queries: SyncQueries, condition: ReturnType<typeof and>): number {
  return queries.transaction(
    (tx) => {
      const ids = tx.select({ id: webhooks.id }).from(webhooks).where(condition);
      tx.delete(webhookDeliveries).where(inArray(webhookDeliveries.webhookId, ids)).run();
      return tx.delete(webhooks).where(condition).run().changes;
    },
    { behavior: "immediate" },
  );
}

type WebhookRow = typeof webhooks.$inferSelect;

function firstSeen(
  tx: SyncQueries,
  digest: Digest,
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): number {
  tx.delete(webhookSignatures)
    .where(lte(webhookSignatures.seenAt, now - windowMs))
    .run();
  const isSame = eq(webhookSignatures.digest, digest);
  const seen = tx.select().from(webhookSignatures).where(isSame).get();
  if (seen !== undefined) return seen.seenAt;
  tx.insert(webhookSignatures).values({ digest, seenAt: now }).run();
  return now;
}

function reencrypt(tx: SyncQueries, keys: KeyRing): number {
  let reencrypted = 0;
  for (const row of tx.select().from(webhooks).all()) {
    const secret = open(row, keys);
    if (
      secret === undefined ||
      !keys.isStale({ keyId: row.keyId ?? "", bytes: row.encrypted ?? Buffer.of() })
    )
      continue;
    const { keyId, bytes } = keys.seal(secret, aboutOf(row.id));
    tx.update(webhooks)
      .set({ keyId, encrypted: Buffer.from(bytes) })
      .where(eq(webhooks.id, row.id))
      .run();
    reencrypted += 1;
  }
  return reencrypted;
}

function open({ id, keyId, encrypted }: WebhookRow, keys: KeyRing): string | undefined {
  return keyId === null || encrypted === null
    ? undefined
    : keys.open({ keyId, bytes: encrypted }, aboutOf(id));
}

function aboutOf(id: string): string {
  return `webhook/${id}`;
}

function isOf(workflowId: WorkflowId, id: string) {
  return and(eq(webhooks.workflowId, workflowId), eq(webhooks.id, id));
}

function toWebhook({ id, name, workflowId, entryPoint, scheme, payload, createdAt }: WebhookRow): Webhook {
  return {
    id,
    ...(name === null ? {} : { name }),
    workflowId,
    scheme,
    payload,
    createdAt,
    ...(entryPoint === null ? {} : { entryPoint }),
  };
}
