import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Scope } from "../domain/permissions.ts";
import { createApiKeyStore } from "../stores/api-keys.ts";
import { maxSessionsPerApiKey, sessionIdleMs, sessionLifetimeMs } from "../stores/limits.ts";
import { createSessionStore } from "../stores/sessions.ts";
import type { Database } from "../stores/sql/database.ts";
import { describeOnEachDatabase } from "../stores/testing/databases.ts";
import { createApiKeyService } from "./api-keys.ts";
import { createSessionService } from "./sessions.ts";

const begin = Date.UTC(2026, 0, 31, 9, 30);
const ci = { name: "ci", scopes: ["workflows:read"] satisfies Scope[] };

describeOnEachDatabase("a session of the web UI", (open) => {
  beforeEach(() => void vi.useFakeTimers({ now: begin, toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  test("belongs to its key, and has a token of 256 bits that is not stored", async () => {
    await using installed = install(await open());
    const { key, id } = await installed.apiKeys.create(ci);
    const opened = await installed.sessions.open(key);
    expect(opened?.token).toMatch(/^[\w-]{43}$/);
    expect(opened).toMatchObject({ apiKey: { id, name: "ci" }, expiresAt: begin + sessionLifetimeMs });
    expect(await installed.sessions.find(opened?.token ?? "")).toMatchObject({ apiKey: { id } });
    expect(JSON.stringify(await installed.rows())).not.toContain(opened?.token);
    expect(await installed.sessions.find("guessed-token")).toBeUndefined();
    expect(await installed.sessions.open("dur_nobody")).toBeUndefined();
  });

  test("ends at once when its key is revoked", async () => {
    await using installed = install(await open());
    const { key, id } = await installed.apiKeys.create(ci);
    const token = await tokenFor(installed, key);
    await installed.apiKeys.revoke(id);
    expect(await installed.sessions.find(token)).toBeUndefined();
  });

  test("ends at once when its key expires", async () => {
    await using installed = install(await open());
    const { key } = await installed.apiKeys.create({ ...ci, expiresAt: begin + 1_000 });
    const token = await tokenFor(installed, key);
    vi.setSystemTime(begin + 1_000);
    expect(await installed.sessions.find(token)).toBeUndefined();
  });

  test("ends at once when its key, the root key, is replaced by another", async () => {
    await using installed = install(await open());
    await installed.keyStore.ensureRootKey(begin, "the-first-root-key-0123456789");
    const token = await tokenFor(installed, "the-first-root-key-0123456789");
    expect(await installed.sessions.find(token)).toMatchObject({ apiKey: { id: "root" } });
    await installed.keyStore.ensureRootKey(begin, "the-second-root-key-0123456789");
    expect(await installed.sessions.find(token)).toBeUndefined();
  });

  test("ends after a period without use, and after a week in any case", async () => {
    await using installed = install(await open());
    const { key } = await installed.apiKeys.create(ci);
    const [used, unused] = [await tokenFor(installed, key), await tokenFor(installed, key)];
    const step = sessionIdleMs - 1;
    let now = begin;
    for (; now + step < begin + sessionLifetimeMs; now += step) {
      vi.setSystemTime(now);
      expect(await installed.sessions.find(used)).toBeDefined();
      // The use is stored after the answer.
      await expect
        .poll(async () => (await installed.rows()).some(({ lastUsedAt }) => lastUsedAt === now))
        .toBe(true);
    }
    expect(await installed.sessions.find(unused)).toBeUndefined();
    vi.setSystemTime(begin + sessionLifetimeMs);
    expect(await installed.sessions.find(used)).toBeUndefined();
  });

  test("ends when it is closed, and other sessions stay open", async () => {
    await using installed = install(await open());
    const { key } = await installed.apiKeys.create(ci);
    const [one, other] = [await tokenFor(installed, key), await tokenFor(installed, key)];
    await installed.sessions.close(one);
    expect(await installed.sessions.find(one)).toBeUndefined();
    expect(await installed.sessions.find(other)).toBeDefined();
  });

  test("is deleted when it ends, and the number per key is limited", async () => {
    await using installed = install(await open());
    const { key } = await installed.apiKeys.create(ci);
    const { key: another } = await installed.apiKeys.create({ ...ci, name: "another" });
    const others = await tokenFor(installed, another);
    const first = await tokenFor(installed, key);
    for (let count = 0; count < maxSessionsPerApiKey; count += 1) {
      vi.setSystemTime(begin + count + 1);
      await tokenFor(installed, key);
    }
    expect(await installed.sessions.find(first)).toBeUndefined();
    expect(await installed.sessions.find(others)).toBeDefined();
    expect(await installed.rows()).toHaveLength(maxSessionsPerApiKey + 1);
    vi.setSystemTime(begin + sessionLifetimeMs * 2);
    await tokenFor(installed, key);
    expect(await installed.rows()).toHaveLength(1);
  });
});

function install(database: Database) {
  const keyStore = createApiKeyStore(database);
  const apiKeys = createApiKeyService(keyStore, { isRemoved: async () => false });
  return {
    keyStore,
    apiKeys,
    sessions: createSessionService({ store: createSessionStore(database), apiKeys, keyStore }),
    rows: async () => await database.queries.select().from(database.tables.sessions),
    [Symbol.asyncDispose]: async () => await database[Symbol.asyncDispose](),
  };
}

async function tokenFor(installed: ReturnType<typeof install>, key: string): Promise<string> {
  return (await installed.sessions.open(key))?.token ?? "";
}
