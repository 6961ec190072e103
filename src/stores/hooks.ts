import { digestOf } from "../domain/digest.ts";
import type { Hook } from "../domain/hook.ts";
import type { Digest, WorkflowId } from "../domain/ids.ts";
import type { KeyRing } from "./data-directory/key-ring.ts";
import type { Database, Queries } from "./sql/database.ts";
import { and, asc, eq, lte, sql } from "./sql/drizzle.ts";
import { hookSignatures, hooks } from "./sql/schema.ts";

/** The hooks of workflows. A token is kept as its hash, the secret of a signature encrypted. */
export interface HookStore {
  add(hook: Hook, token: string, secret: string | undefined): void;
  /** The hook of a token, with the secret of its signature. */
  find(token: string): { readonly hook: Hook; readonly secret: string | undefined } | undefined;
  /** In the order of their creation. */
  list(workflowId: WorkflowId): readonly Hook[];
  /** From now on only the new token works. @returns whether there is such a hook */
  replaceToken(workflowId: WorkflowId, id: string, token: string): boolean;
  /** @returns whether there was one */
  remove(workflowId: WorkflowId, id: string): boolean;
  removeAll(workflowId: WorkflowId): void;
  /**
   * When a signature was first seen at a hook, `windowMs` ago at most: `now`, where it was not. A process that dies
   * afterwards leaves it seen.
   */
  firstSeen(hookId: string, signature: string, options: { now: number; windowMs: number }): number;
  /** Puts everything under the current master key. @returns how many were under another */
  reseal(): number;
}

export function createHookStore({ queries }: Database, keys: KeyRing): HookStore {
  const findByToken = queries
    .select()
    .from(hooks)
    .where(eq(hooks.tokenHash, sql.placeholder("tokenHash")))
    .prepare();
  return {
    add(hook, token, secret) {
      const box = secret === undefined ? undefined : keys.seal(secret, aboutOf(hook.id));
      queries
        .insert(hooks)
        .values({
          ...hook,
          entryPoint: hook.entryPoint ?? null,
          tokenHash: digestOf(token),
          keyId: box?.keyId ?? null,
          sealed: box === undefined ? null : Buffer.from(box.bytes),
        })
        .run();
    },
    find(token) {
      const row = findByToken.get({ tokenHash: digestOf(token) });
      return row === undefined ? undefined : { hook: toHook(row), secret: open(row, keys) };
    },
    list: (workflowId) =>
      queries
        .select()
        .from(hooks)
        .where(eq(hooks.workflowId, workflowId))
        .orderBy(asc(hooks.createdAt), asc(hooks.id))
        .all()
        .map(toHook),
    replaceToken: (workflowId, id, token) =>
      queries
        .update(hooks)
        .set({ tokenHash: digestOf(token) })
        .where(isOf(workflowId, id))
        .run().changes > 0,
    remove: (workflowId, id) => queries.delete(hooks).where(isOf(workflowId, id)).run().changes > 0,
    removeAll: (workflowId) => void queries.delete(hooks).where(eq(hooks.workflowId, workflowId)).run(),
    firstSeen: (hookId, signature, options) =>
      queries.transaction((tx) => firstSeen(tx, digestOf(`${hookId} ${signature}`), options), {
        behavior: "immediate",
      }),
    reseal: () => queries.transaction((tx) => reseal(tx, keys), { behavior: "immediate" }),
  };
}

type HookRow = typeof hooks.$inferSelect;

function firstSeen(
  tx: Queries,
  digest: Digest,
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): number {
  tx.delete(hookSignatures)
    .where(lte(hookSignatures.seenAt, now - windowMs))
    .run();
  const isSame = eq(hookSignatures.digest, digest);
  const seen = tx.select().from(hookSignatures).where(isSame).get();
  if (seen !== undefined) return seen.seenAt;
  tx.insert(hookSignatures).values({ digest, seenAt: now }).run();
  return now;
}

function reseal(tx: Queries, keys: KeyRing): number {
  let resealed = 0;
  for (const row of tx.select().from(hooks).all()) {
    const secret = open(row, keys);
    if (secret === undefined || !keys.isStale({ keyId: row.keyId ?? "", bytes: row.sealed ?? Buffer.of() }))
      continue;
    const { keyId, bytes } = keys.seal(secret, aboutOf(row.id));
    tx.update(hooks)
      .set({ keyId, sealed: Buffer.from(bytes) })
      .where(eq(hooks.id, row.id))
      .run();
    resealed += 1;
  }
  return resealed;
}

function open({ id, keyId, sealed }: HookRow, keys: KeyRing): string | undefined {
  return keyId === null || sealed === null ? undefined : keys.open({ keyId, bytes: sealed }, aboutOf(id));
}

function aboutOf(id: string): string {
  return `hook/${id}`;
}

function isOf(workflowId: WorkflowId, id: string) {
  return and(eq(hooks.workflowId, workflowId), eq(hooks.id, id));
}

function toHook({ id, workflowId, entryPoint, scheme, payload, createdAt }: HookRow): Hook {
  return { id, workflowId, scheme, payload, createdAt, ...(entryPoint === null ? {} : { entryPoint }) };
}
