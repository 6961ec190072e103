import { randomBytes } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import { isLiveApiKey, toApiKeyRecord } from "./api-keys.ts";
import type { ApiKeyRecord } from "./api-keys.ts";
import { maxSessionsPerApiKey, sessionIdleMs, sessionLifetimeMs } from "./limits.ts";
import { prepare, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import { and, desc, eq, gt, inArray, lte, notInArray, or, sql } from "./sql/drizzle.ts";
import type { Tables } from "./sql/tables.ts";

/** An active session. Times are milliseconds since the Unix epoch. */
interface SessionRecord {
  readonly tokenHash: Digest;
  /** The key in its current state. */
  readonly apiKey: ApiKeyRecord;
  /** Up to one minute out of date. */
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

/** Sessions of the web UI. A session ends with its key at the latest. */
export interface SessionStore {
  /** @returns the token, which is not stored and cannot be read again */
  create(keyHash: Digest, now: number): Promise<string>;
  /** The session with this token, unless the session has ended or its key is invalid. */
  find(token: string, now: number): Promise<SessionRecord | undefined>;
  /** Records that the session was used. */
  touch(tokenHash: Digest, now: number): Promise<void>;
  remove(token: string): Promise<void>;
}

export function createSessionStore(database: Database): SessionStore {
  const { queries, tables } = database;
  const { sessions } = tables;
  const findByToken = prepareFind(database);
  return {
    create: async (keyHash, now) => await create(database, keyHash, now),
    async find(token, now) {
      const tokenHash = digestOf(token);
      const [row] = await findByToken.execute({ tokenHash, now, idleSince: now - sessionIdleMs });
      if (row === undefined) return undefined;
      const { lastUsedAt, expiresAt } = row.sessions;
      return { tokenHash, apiKey: toApiKeyRecord(row.api_keys), lastUsedAt, expiresAt };
    },
    async touch(tokenHash, now) {
      await queries.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.tokenHash, tokenHash));
    },
    async remove(token) {
      await queries.delete(sessions).where(eq(sessions.tokenHash, digestOf(token)));
    },
  };
}

function prepareFind({ queries, tables: { apiKeys, sessions } }: Database) {
  const now = sql.placeholder("now");
  return prepare(
    queries
      .select()
      .from(sessions)
      .innerJoin(apiKeys, eq(apiKeys.hash, sessions.keyHash))
      .where(
        and(
          eq(sessions.tokenHash, sql.placeholder("tokenHash")),
          gt(sessions.expiresAt, now),
          gt(sessions.lastUsedAt, sql.placeholder("idleSince")),
          isLiveApiKey(apiKeys, now),
        ),
      ),
  );
}

async function create(database: Database, keyHash: Digest, now: number): Promise<string> {
  const { tables } = database;
  const token = randomBytes(tokenBytes).toString("base64url");
  const row = {
    tokenHash: digestOf(token),
    keyHash,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + sessionLifetimeMs,
  };
  await database.transaction(function* (tx): Steps<void> {
    yield* removeDead(tx, tables, now);
    yield* makeRoom(tx, tables, keyHash);
    yield* rows(tx.insert(tables.sessions).values(row));
  });
  return token;
}

const tokenBytes = 32;

function* removeDead(tx: Queries, { apiKeys, sessions }: Tables, now: number): Steps<void> {
  const live = tx.select({ hash: apiKeys.hash }).from(apiKeys).where(isLiveApiKey(apiKeys, now));
  const isOver = or(lte(sessions.expiresAt, now), lte(sessions.lastUsedAt, now - sessionIdleMs));
  yield* rows(tx.delete(sessions).where(or(isOver, notInArray(sessions.keyHash, live))));
}

function* makeRoom(tx: Queries, { sessions }: Tables, keyHash: Digest): Steps<void> {
  const tooMany = tx
    .select({ tokenHash: sessions.tokenHash })
    .from(sessions)
    .where(eq(sessions.keyHash, keyHash))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(Number.MAX_SAFE_INTEGER)
    .offset(maxSessionsPerApiKey - 1);
  yield* rows(tx.delete(sessions).where(inArray(sessions.tokenHash, tooMany)));
}
