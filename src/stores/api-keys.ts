import { randomUUID } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import type { Page, PageRequest } from "../base/page.ts";
import { DuraniumError } from "../domain/errors.ts";
import { scopes } from "../domain/permissions.ts";
import type { Permissions } from "../domain/permissions.ts";
import { apiKeyPrefix, generateApiKey, hashApiKey } from "./api-key-format.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, asc, eq, gt, isNull, lte, ne, or, sql } from "./sql/drizzle.ts";
import type { Placeholder } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { apiKeys } from "./sql/schema.ts";

/** The properties of a new key. */
export interface NewApiKey extends Permissions {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number;
}

/** An API key without its secret. Times are milliseconds since the Unix epoch. */
export interface ApiKeyRecord extends NewApiKey {
  /** `root`, or a UUID. */
  readonly id: string;
  /** The first characters of the key, which identify it in lists. */
  readonly prefix: string;
  readonly createdAt: number;
  /** Up to one minute out of date. */
  readonly lastUsedAt?: number;
}

/** A place in the list of keys. */
interface ApiKeyPosition {
  readonly createdAt: number;
  readonly id: string;
}

/** The API keys. Revoked keys are retained, but no method finds them. */
export interface ApiKeyStore {
  /** The only result that contains the key itself. */
  create(apiKey: NewApiKey, now: number): { readonly key: string; readonly record: ApiKeyRecord };
  /**
   * Ensures that a root key exists: the given one, which replaces any other, or else a generated one if none exists
   * yet. Returns a key only if this call generated it; if several processes start concurrently, one of them does.
   *
   * @throws {DuraniumError} `invalid-request` if the given key belongs to another record
   */
  ensureRootKey(now: number, given?: string): { readonly key: string } | undefined;
  /** The key with this hash, unless it is revoked or expired. */
  find(hash: Digest, now: number): ApiKeyRecord | undefined;
  /** In the order of their creation. */
  list(page: PageRequest<ApiKeyPosition>): Page<ApiKeyRecord, ApiKeyPosition>;
  /**
   * Makes the key invalid from now on.
   *
   * @throws {DuraniumError} `api-key-not-found`, also if the key is already revoked; `invalid-request` for the root key
   */
  revoke(id: string, now: number): void;
  /** Records that the key was used, at most once per minute. */
  touch(id: string, now: number): void;
}

export function createApiKeyStore({ sync: queries }: SqliteDatabase): ApiKeyStore {
  const findByHash = queries
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, sql.placeholder("hash")), isLiveApiKey(sql.placeholder("now"))))
    .prepare();
  return {
    create: (apiKey, now) => create(queries, apiKey, now),
    ensureRootKey: (now, given) =>
      given === undefined ? makeRootKey(queries, now) : setRootKey(queries, given, now),
    find: (hash, now) => {
      const row = findByHash.get({ hash, now });
      return row === undefined ? undefined : toApiKeyRecord(row);
    },
    list: (page) => list(queries, page),
    revoke: (id, now) => revoke(queries, id, now),
    touch: (id, now) => touch(queries, id, now),
  };
}

/** The condition that a key is valid. */
export function isLiveApiKey(now: Placeholder | number) {
  return and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));
}

type ApiKeyRow = typeof apiKeys.$inferSelect;

const rootKeyId = "root";
const rootKey: NewApiKey = { name: rootKeyId, scopes };

/** Keys authenticate far more often than the time of use needs to be exact, and each write waits for the disk. */
export const lastUsedResolutionMs = 60_000;

function create(queries: SyncQueries, apiKey: NewApiKey, now: number) {
  const key = generateApiKey();
  const row = queries
    .insert(apiKeys)
    .values(newRow(randomUUID(), apiKey, key, now))
    .returning()
    .get();
  return { key, record: toApiKeyRecord(row) };
}

function makeRootKey(queries: SyncQueries, now: number): { key: string } | undefined {
  const key = generateApiKey();
  const { changes } = queries
    .insert(apiKeys)
    .values(newRow(rootKeyId, rootKey, key, now))
    .onConflictDoNothing({ target: apiKeys.id })
    .run();
  return changes === 1 ? { key } : undefined;
}

function setRootKey(queries: SyncQueries, key: string, now: number): undefined {
  const row = newRow(rootKeyId, rootKey, key, now);
  queries.transaction(
    (tx) => {
      rejectForeignKey(tx, row.hash);
      tx.insert(apiKeys)
        .values(row)
        .onConflictDoUpdate({
          target: apiKeys.id,
          set: { ...row, lastUsedAt: null },
          setWhere: ne(apiKeys.hash, row.hash),
        })
        .run();
    },
    { behavior: "immediate" },
  );
}

function rejectForeignKey(tx: SyncQueries, hash: Digest): void {
  const other = tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hash), ne(apiKeys.id, rootKeyId)))
    .get();
  if (other === undefined) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot use the value of DURANIUM_ROOT_KEY: it is the API key "${other.name}" (${other.prefix}…)`,
  );
}

function list(queries: SyncQueries, { after, limit }: PageRequest<ApiKeyPosition>) {
  const rows = queries
    .select()
    .from(apiKeys)
    .where(and(isNull(apiKeys.revokedAt), after === undefined ? undefined : isAfter(after)))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
    .limit(limit + 1)
    .all();
  return keysetPage(rows, {
    limit,
    toItem: toApiKeyRecord,
    keyOf: ({ createdAt, id }): ApiKeyPosition => ({ createdAt, id }),
  });
}

function isAfter({ createdAt, id }: ApiKeyPosition) {
  const sameTime = and(eq(apiKeys.createdAt, createdAt), gt(apiKeys.id, id));
  return or(gt(apiKeys.createdAt, createdAt), sameTime);
}

function revoke(queries: SyncQueries, id: string, now: number): void {
  if (id === rootKeyId) {
    throw new DuraniumError(
      "invalid-request",
      "Cannot revoke the root key: start Duranium with another one in DURANIUM_ROOT_KEY to replace it",
    );
  }
  const live = and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt));
  const { changes } = queries.update(apiKeys).set({ revokedAt: now }).where(live).run();
  if (changes === 0) throw new DuraniumError("api-key-not-found", `There is no API key "${id}"`);
}

function touch(queries: SyncQueries, id: string, now: number): void {
  const isStale = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, now - lastUsedResolutionMs));
  queries
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), isStale))
    .run();
}

function newRow(id: string, { name, scopes, workflows, expiresAt }: NewApiKey, key: string, now: number) {
  return {
    id,
    name,
    prefix: apiKeyPrefix(key),
    hash: hashApiKey(key),
    scopes,
    workflows: workflows ?? null,
    expiresAt: expiresAt ?? null,
    createdAt: now,
  };
}

/** The record of a stored key. */
export function toApiKeyRecord(row: ApiKeyRow): ApiKeyRecord {
  const { id, name, prefix, workflows, expiresAt, createdAt, lastUsedAt } = row;
  return {
    id,
    name,
    prefix,
    // The root key also has scopes that newer releases introduce.
    scopes: id === rootKeyId ? scopes : row.scopes,
    createdAt,
    ...(workflows === null ? {} : { workflows }),
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(lastUsedAt === null ? {} : { lastUsedAt }),
  };
}
