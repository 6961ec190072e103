import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { Webhook } from "../domain/webhook.ts";
import type { KeyRing } from "./data-directory/key-ring.ts";
import { changedRows, prepare, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import { and, asc, eq, inArray, lte, sql } from "./sql/drizzle.ts";
import type { Tables } from "./sql/tables.ts";

/** The webhooks of workflows. Tokens are stored as hashes, and signing secrets are encrypted. */
export interface WebhookStore {
  add(webhook: Webhook, token: string, secret: string | undefined): Promise<void>;
  /** The webhook of a token, with its signing secret. */
  find(
    token: string,
  ): Promise<{ readonly webhook: Webhook; readonly secret: string | undefined } | undefined>;
  /** Lists webhooks in the order of their creation. */
  list(workflowId: WorkflowId): Promise<readonly Webhook[]>;
  /**
   * Replaces the token; the previous one stops working.
   * @returns true if the webhook exists
   */
  replaceToken(workflowId: WorkflowId, id: string, token: string): Promise<boolean>;
  /**
   * Replaces the name; `undefined` removes it.
   * @returns the webhook, if it exists
   */
  rename(workflowId: WorkflowId, id: string, name: string | undefined): Promise<Webhook | undefined>;
  /** @returns true if the webhook existed */
  remove(workflowId: WorkflowId, id: string): Promise<boolean>;
  removeAll(workflowId: WorkflowId): Promise<void>;
  /**
   * The time at which the webhook first received a signature, at most `windowMs` ago; `now` if it had not. The
   * signature stays recorded if the process exits afterwards.
   */
  firstSeen(
    webhookId: string,
    signature: string,
    options: { now: number; windowMs: number },
  ): Promise<number>;
  /**
   * Encrypts all signing secrets with the current master key.
   * @returns the number of secrets that used another key
   */
  reencrypt(): Promise<number>;
}

export function createWebhookStore(database: Database, keys: KeyRing): WebhookStore {
  const { queries, tables } = database;
  const { webhooks } = tables;
  const findByToken = prepare(
    queries
      .select()
      .from(webhooks)
      .where(eq(webhooks.tokenHash, sql.placeholder("tokenHash"))),
  );
  const isOf = (workflowId: WorkflowId, id: string) =>
    and(eq(webhooks.workflowId, workflowId), eq(webhooks.id, id));
  return {
    async add(webhook, token, secret) {
      await queries.insert(webhooks).values(toRow(webhook, { token, secret, keys }));
    },
    async find(token) {
      const [row] = await findByToken.execute({ tokenHash: digestOf(token) });
      return row === undefined ? undefined : { webhook: toWebhook(row), secret: open(row, keys) };
    },
    async list(workflowId) {
      const found = await queries
        .select()
        .from(webhooks)
        .where(eq(webhooks.workflowId, workflowId))
        .orderBy(asc(webhooks.createdAt), asc(webhooks.id));
      return found.map(toWebhook);
    },
    async replaceToken(workflowId, id, token) {
      const changed = { tokenHash: digestOf(token) };
      return changedRows(await queries.update(webhooks).set(changed).where(isOf(workflowId, id))) > 0;
    },
    async rename(workflowId, id, name) {
      const changed = { name: name ?? null };
      const [row] = await queries.update(webhooks).set(changed).where(isOf(workflowId, id)).returning();
      return row === undefined ? undefined : toWebhook(row);
    },
    remove: async (workflowId, id) => (await removeThose(database, isOf(workflowId, id))) > 0,
    async removeAll(workflowId) {
      await removeThose(database, eq(webhooks.workflowId, workflowId));
    },
    firstSeen: async (webhookId, signature, options) =>
      await firstSeen(database, digestOf(`${webhookId} ${signature}`), options),
    reencrypt: async () => await database.transaction((tx) => reencrypt(tx, webhooks, keys)),
  };
}

/** Removes webhooks with the log of their requests. Returns their number. */
async function removeThose(database: Database, condition: ReturnType<typeof and>): Promise<number> {
  const { webhookDeliveries, webhooks } = database.tables;
  return await database.transaction(function* (tx): Steps<number> {
    const ids = tx.select({ id: webhooks.id }).from(webhooks).where(condition);
    yield* rows(tx.delete(webhookDeliveries).where(inArray(webhookDeliveries.webhookId, ids)));
    return changedRows(yield* rows(tx.delete(webhooks).where(condition)));
  });
}

type WebhookTable = Tables["webhooks"];
type WebhookRow = WebhookTable["$inferSelect"];

/** One statement, because two processes may receive the same signature at the same time. */
async function firstSeen(
  { queries, tables: { webhookSignatures } }: Database,
  digest: Digest,
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): Promise<number> {
  const { seenAt } = webhookSignatures;
  await queries.delete(webhookSignatures).where(lte(seenAt, now - windowMs));
  const [row] = await queries
    .insert(webhookSignatures)
    .values({ digest, seenAt: now })
    .onConflictDoUpdate({
      target: webhookSignatures.digest,
      set: { seenAt: sql`CASE WHEN ${seenAt} <= ${now - windowMs} THEN excluded.seen_at ELSE ${seenAt} END` },
    })
    .returning({ seenAt });
  return row?.seenAt ?? now;
}

function* reencrypt(tx: Queries, webhooks: WebhookTable, keys: KeyRing): Steps<number> {
  const all = yield* rows(tx.select().from(webhooks));
  const stale = all.flatMap((row) => {
    const box = { keyId: row.keyId ?? "", bytes: row.encrypted ?? Buffer.of() };
    const secret = open(row, keys);
    return secret !== undefined && keys.isStale(box) ? [{ id: row.id, secret }] : [];
  });
  for (const { id, secret } of stale) {
    const { keyId, bytes } = keys.seal(secret, aboutOf(id));
    const changed = { keyId, encrypted: Buffer.from(bytes) };
    yield* rows(tx.update(webhooks).set(changed).where(eq(webhooks.id, id)));
  }
  return stale.length;
}

function toRow(
  webhook: Webhook,
  {
    token,
    secret,
    keys,
  }: { readonly token: string; readonly secret: string | undefined; readonly keys: KeyRing },
): WebhookRow {
  const box = secret === undefined ? undefined : keys.seal(secret, aboutOf(webhook.id));
  return {
    ...webhook,
    name: webhook.name ?? null,
    entryPoint: webhook.entryPoint ?? null,
    tokenHash: digestOf(token),
    keyId: box?.keyId ?? null,
    encrypted: box === undefined ? null : Buffer.from(box.bytes),
  };
}

function open({ id, keyId, encrypted }: WebhookRow, keys: KeyRing): string | undefined {
  return keyId === null || encrypted === null
    ? undefined
    : keys.open({ keyId, bytes: encrypted }, aboutOf(id));
}

function aboutOf(id: string): string {
  return `webhook/${id}`;
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
