import { randomBytes } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import { isLiveApiKey, toApiKeyRecord } from "./api-keys.ts";
import type { ApiKeyRecord } from "./api-keys.ts";
import { maxSessionsPerApiKey, sessionIdleMs, sessionLifetimeMs } from "./limits.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, desc, eq, gt, inArray, lte, notInArray, or, sql } from "./sql/drizzle.ts";
import { apiKeys, sessions } from "./sql/schema.ts";

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
  create(keyHash: Digest, now: number): string;
  /** The session with this token, unless the session has ended or its key is invalid. */
  find(token: string, now: number): SessionRecord | undefined;
  /** Records that the session was used. */
  touch(tokenHash: Digest, now: number): void;
  remove(token: string): void;
}

export function createSessionStore({ sync: queries }: SqliteDatabase): SessionStore {
  const now = sql.placeholder("now");
  const findByToken = queries
    .select()
    .from(sessions)
    .innerJoin(apiKeys, eq(apiKeys.hash, sessions.keyHash))
    .where(
      and(
        eq(sessions.tokenHash, sql.placeholder("tokenHash")),
        gt(sessions.expiresAt, now),
        gt(sessions.lastUsedAt, sql.placeholder("idleSince")),
        isLiveApiKey(now),
      ),
    )
    .prepare();
  return {
    create: (keyHash, now) => create(queries, keyHash, now),
    find(token, now) {
      const tokenHash = digestOf(token);
      const row = findByToken.get({ tokenHash, now, idleSince: now - sessionIdleMs });
      if (row === undefined) return undefined;
      const { lastUsedAt, expiresAt } = row.sessions;
      return { tokenHash, apiKey: toApiKeyRecord(row.api_keys), lastUsedAt, expiresAt };
    },
    touch: (tokenHash, now) =>
      void queries.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.tokenHash, tokenHash)).run(),
    remove: (token) =>
      void queries
        .delete(sessions)
        .where(eq(sessions.tokenHash, digestOf(token)))
        .run(),
  };
}

function create(queries: SyncQueries, keyHash: Digest, now: number): string {
  const token = randomBytes(tokenBytes).toString("base64url");
  const row = { tokenHash: digestOf(token), keyHash, createdAt: now, lastUsedAt: now };
  queries.transaction(
    (tx) => {
      removeDead(tx, now);
      makeRoom(tx, keyHash);
      tx.insert(sessions)
        .values({ ...row, expiresAt: now + sessionLifetimeMs })
        .run();
    },
    { behavior: "immediate" },
  );
  return token;
}

const tokenBytes = 32;

function removeDead(tx: SyncQueries, now: number): void {
  const live = tx.select({ hash: apiKeys.hash }).from(apiKeys).where(isLiveApiKey(now));
  const isOver = or(lte(sessions.expiresAt, now), lte(sessions.lastUsedAt, now - sessionIdleMs));
  tx.delete(sessions)
    .where(or(isOver, notInArray(sessions.keyHash, live)))
    .run();
}

function makeRoom(tx: SyncQueries, keyHash: Digest): void {
  const tooMany = tx
    .select({ tokenHash: sessions.tokenHash })
    .from(sessions)
    .where(eq(sessions.keyHash, keyHash))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(Number.MAX_SAFE_INTEGER)
    .offset(maxSessionsPerApiKey - 1);
  tx.delete(sessions).where(inArray(sessions.tokenHash, tooMany)).run();
}
