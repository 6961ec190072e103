import type { WorkflowId } from "../domain/ids.ts";
import type { KeyRing } from "./data-directory/key-ring.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, asc, eq, sql } from "./sql/drizzle.ts";
import { secrets } from "./sql/schema.ts";

/** A secret without its value. */
export interface SecretRecord {
  readonly name: string;
  /** Host patterns (`domain/host-pattern.ts`). */
  readonly hosts: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
}

/** The secrets of workflows. Values are encrypted, and a value can be decrypted only for its workflow and name. */
export interface SecretStore {
  set(workflowId: WorkflowId, secret: SecretRecord & { readonly value: string }): void;
  find(workflowId: WorkflowId, name: string): (SecretRecord & { readonly value: string }) | undefined;
  /** Lists secrets by name. */
  list(workflowId: WorkflowId): readonly SecretRecord[];
  /** @returns true if the secret existed */
  remove(workflowId: WorkflowId, name: string): boolean;
  removeAll(workflowId: WorkflowId): void;
  /**
   * Encrypts all values with the current master key.
   * @returns the number of values that used another key
   */
  reencrypt(): number;
}

export function createSecretStore({ sync: queries }: SqliteDatabase, keys: KeyRing): SecretStore {
  const findByName = queries
    .select()
    .from(secrets)
    .where(
      and(eq(secrets.workflowId, sql.placeholder("workflowId")), eq(secrets.name, sql.placeholder("name"))),
    )
    .prepare();
  return {
    set(workflowId, { name, hosts, value, updatedAt }) {
      const { keyId, bytes } = keys.seal(value, aboutOf(workflowId, name));
      const row = { hosts, updatedAt, keyId, encrypted: Buffer.from(bytes) };
      queries
        .insert(secrets)
        .values({ workflowId, name, ...row })
        .onConflictDoUpdate({ target: [secrets.workflowId, secrets.name], set: row })
        .run();
    },
    find(workflowId, name) {
      const row = findByName.get({ workflowId, name });
      return row === undefined ? undefined : { ...toRecord(row), value: open(row, keys) };
    },
    list: (workflowId) =>
      queries
        .select()
        .from(secrets)
        .where(eq(secrets.workflowId, workflowId))
        .orderBy(asc(secrets.name))
        .all()
        .map(toRecord),
    remove: (workflowId, name) => queries.delete(secrets).where(isOf(workflowId, name)).run().changes > 0,
    removeAll: (workflowId) => void queries.delete(secrets).where(eq(secrets.workflowId, workflowId)).run(),
    reencrypt: () => queries.transaction((tx) => reencrypt(tx, keys), { behavior: "immediate" }),
  };
}

type SecretRow = typeof secrets.$inferSelect;

function reencrypt(tx: SyncQueries, keys: KeyRing): number {
  const stale = tx
    .select()
    .from(secrets)
    .all()
    .filter((row) => keys.isStale({ keyId: row.keyId, bytes: row.encrypted }));
  for (const row of stale) {
    const { keyId, bytes } = keys.seal(open(row, keys), aboutOf(row.workflowId, row.name));
    tx.update(secrets)
      .set({ keyId, encrypted: Buffer.from(bytes) })
      .where(isOf(row.workflowId, row.name))
      .run();
  }
  return stale.length;
}

function isOf(workflowId: WorkflowId, name: string) {
  return and(eq(secrets.workflowId, workflowId), eq(secrets.name, name));
}

function open({ workflowId, name, keyId, encrypted }: SecretRow, keys: KeyRing): string {
  return keys.open({ keyId, bytes: encrypted }, aboutOf(workflowId, name));
}

function aboutOf(workflowId: WorkflowId, name: string): string {
  return `${workflowId}/${name}`;
}

function toRecord({ name, hosts, updatedAt }: SecretRow): SecretRecord {
  return { name, hosts, updatedAt };
}
