import type { WorkflowId } from "../domain/ids.ts";
import { createReadCache } from "./coordination/read-cache.ts";
import type { KeyRing } from "./data-directory/key-ring.ts";
import { changedRows, prepare, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import { and, asc, eq, sql } from "./sql/drizzle.ts";
import type { Tables } from "./sql/tables.ts";

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
  set(workflowId: WorkflowId, secret: SecretRecord & { readonly value: string }): Promise<void>;
  find(
    workflowId: WorkflowId,
    name: string,
  ): Promise<(SecretRecord & { readonly value: string }) | undefined>;
  /** Lists secrets by name. */
  list(workflowId: WorkflowId): Promise<readonly SecretRecord[]>;
  /** @returns true if the secret existed */
  remove(workflowId: WorkflowId, name: string): Promise<boolean>;
  removeAll(workflowId: WorkflowId): Promise<void>;
  /**
   * Encrypts all values with the current master key.
   * @returns the number of values that used another key
   */
  reencrypt(): Promise<number>;
}

export function createSecretStore(database: Database, keys: KeyRing): SecretStore {
  const { queries, tables } = database;
  const { secrets } = tables;
  const findByName = prepare(
    queries
      .select()
      .from(secrets)
      .where(
        and(eq(secrets.workflowId, sql.placeholder("workflowId")), eq(secrets.name, sql.placeholder("name"))),
      ),
  );
  // Encrypted, so that no value is in memory for longer than a request needs it.
  const cache = createReadCache<SecretRow | undefined>(database, "secrets");
  return {
    async set(workflowId, { name, hosts, value, updatedAt }) {
      const { keyId, bytes } = keys.seal(value, aboutOf(workflowId, name));
      const row = { hosts, updatedAt, keyId, encrypted: Buffer.from(bytes) };
      await queries
        .insert(secrets)
        .values({ workflowId, name, ...row })
        .onConflictDoUpdate({ target: [secrets.workflowId, secrets.name], set: row });
      cache.changed();
    },
    async find(workflowId, name) {
      const row = await cache.read(`${workflowId}/${name}`, async () => {
        const [found] = await findByName.execute({ workflowId, name });
        return found;
      });
      return row === undefined ? undefined : { ...toRecord(row), value: open(row, keys) };
    },
    async list(workflowId) {
      const found = await queries
        .select()
        .from(secrets)
        .where(eq(secrets.workflowId, workflowId))
        .orderBy(asc(secrets.name));
      return found.map(toRecord);
    },
    async remove(workflowId, name) {
      const removed = await queries.delete(secrets).where(isOf(secrets, { workflowId, name }));
      cache.changed();
      return changedRows(removed) > 0;
    },
    async removeAll(workflowId) {
      await queries.delete(secrets).where(eq(secrets.workflowId, workflowId));
      cache.changed();
    },
    async reencrypt() {
      const reencrypted = await database.transaction((tx) => reencrypt(tx, secrets, keys));
      cache.changed();
      return reencrypted;
    },
  };
}

type SecretTable = Tables["secrets"];
type SecretRow = SecretTable["$inferSelect"];

function* reencrypt(tx: Queries, secrets: SecretTable, keys: KeyRing): Steps<number> {
  const all = yield* rows(tx.select().from(secrets));
  const stale = all.filter((row) => keys.isStale({ keyId: row.keyId, bytes: row.encrypted }));
  for (const row of stale) {
    const { keyId, bytes } = keys.seal(open(row, keys), aboutOf(row.workflowId, row.name));
    yield* rows(
      tx
        .update(secrets)
        .set({ keyId, encrypted: Buffer.from(bytes) })
        .where(isOf(secrets, row)),
    );
  }
  return stale.length;
}

function isOf(secrets: SecretTable, { workflowId, name }: Pick<SecretRow, "workflowId" | "name">) {
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
