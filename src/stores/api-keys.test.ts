import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { scopes } from "../domain/permissions.ts";
import { hashApiKey } from "./api-key-format.ts";
import { createApiKeyStore } from "./api-keys.ts";
import type { NewApiKey } from "./api-keys.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { apiKeys } from "./sql/schema.ts";
import { runInProcesses } from "./testing/processes.ts";

const ci: NewApiKey = { name: "ci", scopes: ["executions:run"] };

test("a created key is found by its hash", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const { key, record } = store.create(ci, 1_000);
  expect(store.find(hashApiKey(key), 5_000)).toEqual(record);
  expect(record).toEqual({
    id: record.id,
    name: "ci",
    prefix: key.slice(0, 12),
    scopes: ci.scopes,
    createdAt: 1_000,
  });
});

test("the value of a key is not stored", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const keys = [store.create(ci, 1_000).key, store.ensureRootKey(1_000)?.key];
  const stored = JSON.stringify(database.sync.select().from(apiKeys).all());
  expect(keys.filter((key) => key === undefined || stored.includes(key))).toEqual([]);
});

test("an unknown key is not found", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  store.create(ci, 1_000);
  expect(store.find(hashApiKey("dur_nobody"), 5_000)).toBeUndefined();
});

test("a key has its scopes and workflows, and is not found once it has expired", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const workflows = ["order-sync" as WorkflowId];
  const { key } = store.create({ ...ci, workflows, expiresAt: 2_000 }, 1_000);
  expect(store.find(hashApiKey(key), 1_999)).toMatchObject({ ...ci, workflows, expiresAt: 2_000 });
  expect(store.find(hashApiKey(key), 2_000)).toBeUndefined();
});

test("a revoked key is neither found nor listed", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const { key, record } = store.create(ci, 1_000);
  store.revoke(record.id, 2_000);
  expect(store.find(hashApiKey(key), 5_000)).toBeUndefined();
  expect(store.list({ limit: 10 }).items).toEqual([]);
});

test("a missing or revoked key cannot be revoked", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const { record } = store.create(ci, 1_000);
  store.revoke(record.id, 2_000);
  const missing = expect.objectContaining({ code: "api-key-not-found" });
  expect(() => store.revoke(record.id, 3_000)).toThrow(missing);
  expect(() => store.revoke("missing", 3_000)).toThrow(missing);
});

test("keys are listed in order of creation, page by page", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const ids = [1_000, 2_000, 2_000, 2_000, 3_000].map((now) => store.create(ci, now).record.id);
  const first = store.list({ limit: 2 });
  const second = store.list({ limit: 2, after: first.next });
  const third = store.list({ limit: 2, after: second.next });
  const listed = [...first.items, ...second.items, ...third.items];
  expect(listed.map(({ createdAt }) => createdAt)).toEqual([1_000, 2_000, 2_000, 2_000, 3_000]);
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ids));
  expect(third).not.toHaveProperty("next");
});

test("the last use of a key is stored with a precision of a minute", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const { key, record } = store.create(ci, 0);
  const lastUses = [1_000, 60_999, 61_000].map((now) => {
    store.touch(record.id, now);
    return store.find(hashApiKey(key), 5_000)?.lastUsedAt;
  });
  expect(lastUses).toEqual([1_000, 1_000, 61_000]);
});

test("a root key is generated only on the first start", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const made = store.ensureRootKey(1_000);
  expect(store.ensureRootKey(2_000)).toBeUndefined();
  expect(store.find(hashApiKey(made?.key ?? ""), 5_000)).toMatchObject({ id: "root", createdAt: 1_000 });
});

test("one of several processes that start concurrently generates the root key", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-api-keys-"));
  const path = join(folder.path, "a.sqlite");
  const made = await runInProcesses<string | null>(
    3,
    (_, at) => `
      import { openSqlite } from ${at("sql/sqlite.ts")};
      import { createApiKeyStore } from ${at("api-keys.ts")};
      using database = openSqlite(${JSON.stringify(path)});
      const made = createApiKeyStore(database).ensureRootKey(Date.now());
      console.log(JSON.stringify(made?.key ?? null));
    `,
  );
  const keys = made.filter((key) => key !== null);
  using database = openSqlite(path);
  expect(keys).toHaveLength(1);
  expect(createApiKeyStore(database).find(hashApiKey(keys[0] ?? ""), 5_000)?.id).toBe("root");
});

test("a configured root key replaces the previous one", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const made = store.ensureRootKey(1_000);
  store.touch("root", 1_500);
  expect(store.ensureRootKey(2_000, "a key that we chose ourselves")).toBeUndefined();
  expect(store.find(hashApiKey(made?.key ?? ""), 5_000)).toBeUndefined();
  expect(store.find(hashApiKey("a key that we chose ourselves"), 5_000)).toEqual({
    id: "root",
    name: "root",
    prefix: "a ke",
    scopes,
    createdAt: 2_000,
  });
});

test("an unchanged configured root key is kept, and none is generated", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  store.ensureRootKey(1_000, "a key that we chose ourselves");
  store.ensureRootKey(2_000, "a key that we chose ourselves");
  expect(store.ensureRootKey(3_000)).toBeUndefined();
  expect(store.find(hashApiKey("a key that we chose ourselves"), 5_000)?.createdAt).toBe(1_000);
});

test("an existing API key cannot become the root key", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const { key } = store.create(ci, 1_000);
  expect(() => store.ensureRootKey(2_000, key)).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      message: expect.stringMatching(/DURANIUM_ROOT_KEY.*"ci"/),
    }),
  );
  expect(store.find(hashApiKey(key), 5_000)?.name).toBe("ci");
});

test("the root key cannot be revoked, and the error says how to replace it", () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  const made = store.ensureRootKey(1_000);
  expect(() => store.revoke("root", 2_000)).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      message: expect.stringContaining("DURANIUM_ROOT_KEY"),
    }),
  );
  expect(store.find(hashApiKey(made?.key ?? ""), 5_000)).toBeDefined();
});
