import { randomUUID } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import type { Page, PageRequest } from "../base/page.ts";
import { DuraniumError } from "../domain/errors.ts";
import { scopes } from "../domain/permissions.ts";
import type { Permissions } from "../domain/permissions.ts";
import { apiKeyPrefix, generateApiKey, hashApiKey } from "./api-key-format.ts";
import { createReadCache } from "./coordination/read-cache.ts";
import { changedRows, prepare, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import { and, asc, eq, gt, isNull, lte, ne, or, sql } from "./sql/drizzle.ts";
import type { Placeholder } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

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
  create(apiKey: NewApiKey, now: number): Promise<{ readonly key: string; readonly record: ApiKeyRecord }>;
  /**
   * Ensures that a root key exists: the given one, which replaces any other, or else a generated one if none exists
   * yet. Returns a key only if this call generated it; if several processes start concurrently, one of them does.
   *
   * @throws {DuraniumError} `invalid-request` if the given key belongs to another record
   */
  ensureRootKey(now: number, given?: string): Promise<{ readonly key: string } | undefined>;
  /** The key with this hash, unless it is revoked or expired. */
  find(hash: Digest, now: number): Promise<ApiKeyRecord | undefined>;
  /** In the order of their creation. */
  list(page: PageRequest<ApiKeyPosition>): Promise<Page<ApiKeyRecord, ApiKeyPosition>>;
  /**
   * Makes the key invalid from now on.
   *
   * @throws {DuraniumError} `api-key-not-found`, also if the key is already revoked; `invalid-request` for the root key
   */
  revoke(id: string, now: number): Promise<void>;
  /** Records that the key was used, at most once per minute. */
  touch(id: string, now: number): Promise<void>;
}

export function createApiKeyStore(database: Database): ApiKeyStore {
  const { apiKeys } = database.tables;
  const { queries } = database;
  const findByHash = prepare(
    queries
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.hash, sql.placeholder("hash")), isLiveApiKey(apiKeys, sql.placeholder("now")))),
  );
  const cache = createReadCache<ApiKeyRecord | undefined>(database, "api-keys");

  async function read(hash: Digest, now: number): Promise<ApiKeyRecord | undefined> {
    const [row] = await findByHash.execute({ hash, now });
    return row === undefined ? undefined : toApiKeyRecord(row);
  }

  return {
    async create(apiKey, now) {
      const created = await create(database, apiKey, now);
      cache.changed();
      return created;
    },
    async ensureRootKey(now, given) {
      const made =
        given === undefined ? await makeRootKey(database, now) : await setRootKey(database, given, now);
      cache.changed();
      return made;
    },
    async find(hash, now) {
      const record = await cache.read(hash, async () => await read(hash, now));
      return record?.expiresAt !== undefined && record.expiresAt <= now ? undefined : record;
    },
    list: async (page) => await list(database, page),
    async revoke(id, now) {
      await revoke(database, id, now);
      cache.changed();
    },
    async touch(id, now) {
      await touch(database, id, now);
      cache.forget();
    },
  };
}

/** The condition that a key is valid. */
export function isLiveApiKey({ revokedAt, expiresAt }: ApiKeyTable, now: Placeholder | number) {
  return and(isNull(revokedAt), or(isNull(expiresAt), gt(expiresAt, now)));
}

type ApiKeyTable = Tables["apiKeys"];
type ApiKeyRow = ApiKeyTable["$inferSelect"];

const rootKeyId = "root";
const rootKey: NewApiKey = { name: rootKeyId, scopes };

/** Keys authenticate far more often than the time of use needs to be exact, and each write waits for the disk. */
export const lastUsedResolutionMs = 60_000;

async function create({ queries, tables }: Database, apiKey: NewApiKey, now: number) {
  const key = generateApiKey();
  const row = newRow(randomUUID(), apiKey, key, now);
  await queries.insert(tables.apiKeys).values(row);
  return { key, record: toApiKeyRecord({ ...row, lastUsedAt: null, revokedAt: null }) };
}

async function makeRootKey(
  { queries, tables: { apiKeys } }: Database,
  now: number,
): Promise<{ key: string } | undefined> {
  const key = generateApiKey();
  const made = await queries
    .insert(apiKeys)
    .values(newRow(rootKeyId, rootKey, key, now))
    .onConflictDoNothing({ target: apiKeys.id });
  return changedRows(made) === 1 ? { key } : undefined;
}

async function setRootKey(database: Database, key: string, now: number): Promise<undefined> {
  const { apiKeys } = database.tables;
  const row = newRow(rootKeyId, rootKey, key, now);
  await database.transaction(function* (tx): Steps<void> {
    yield* rejectForeignKey(tx, apiKeys, row.hash);
    yield* rows(
      tx
        .insert(apiKeys)
        .values(row)
        .onConflictDoUpdate({
          target: apiKeys.id,
          set: { ...row, lastUsedAt: null },
          setWhere: ne(apiKeys.hash, row.hash),
        }),
    );
  });
  return undefined;
}

function* rejectForeignKey(tx: Queries, apiKeys: ApiKeyTable, hash: Digest): Steps<void> {
  const [other] = yield* rows(
    tx
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.hash, hash), ne(apiKeys.id, rootKeyId))),
  );
  if (other === undefined) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot use the value of DURANIUM_ROOT_KEY: it is the API key "${other.name}" (${other.prefix}…)`,
  );
}

async function list(
  { queries, tables: { apiKeys } }: Database,
  { after, limit }: PageRequest<ApiKeyPosition>,
): Promise<Page<ApiKeyRecord, ApiKeyPosition>> {
  const found = await queries
    .select()
    .from(apiKeys)
    .where(and(isNull(apiKeys.revokedAt), after === undefined ? undefined : isAfter(apiKeys, after)))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
    .limit(limit + 1);
  return keysetPage(found, {
    limit,
    toItem: toApiKeyRecord,
    keyOf: ({ createdAt, id }): ApiKeyPosition => ({ createdAt, id }),
  });
}

function isAfter(apiKeys: ApiKeyTable, { createdAt, id }: ApiKeyPosition) {
  const sameTime = and(eq(apiKeys.createdAt, createdAt), gt(apiKeys.id, id));
  return or(gt(apiKeys.createdAt, createdAt), sameTime);
}

async function revoke(
  { queries, tables: { apiKeys } }: Database,
  id: string,
  revokedAt: number,
): Promise<void> {
  if (id === rootKeyId) {
    throw new DuraniumError(
      "invalid-request",
      "Cannot revoke the root key: start Duranium with another one in DURANIUM_ROOT_KEY to replace it",
    );
  }
  const revoked = await queries
    .update(apiKeys)
    .set({ revokedAt })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
  if (changedRows(revoked) === 0) throw new DuraniumError("api-key-not-found", `There is no API key "${id}"`);
}

async function touch({ queries, tables: { apiKeys } }: Database, id: string, now: number): Promise<void> {
  const isStale = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, now - lastUsedResolutionMs));
  await queries
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), isStale));
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
