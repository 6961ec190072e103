import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { scopes } from "../domain/permissions.ts";
import { hashApiKey } from "./api-key-format.ts";
import { createApiKeyStore } from "./api-keys.ts";
import type { NewApiKey } from "./api-keys.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { runInProcesses } from "./testing/processes.ts";

const ci: NewApiKey = { name: "ci", scopes: ["executions:run"] };

describeOnEachDatabase("API keys", (open) => {
  test("a created key is found by its hash", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { key, record } = await store.create(ci, 1_000);
    expect(await store.find(hashApiKey(key), 5_000)).toEqual(record);
    expect(record).toEqual({
      id: record.id,
      name: "ci",
      prefix: key.slice(0, 12),
      scopes: ci.scopes,
      createdAt: 1_000,
    });
  });

  test("the value of a key is not stored", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const keys = [(await store.create(ci, 1_000)).key, (await store.ensureRootKey(1_000))?.key];
    const stored = JSON.stringify(await database.queries.select().from(database.tables.apiKeys));
    expect(keys.filter((key) => key === undefined || stored.includes(key))).toEqual([]);
  });

  test("an unknown key is not found", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    await store.create(ci, 1_000);
    expect(await store.find(hashApiKey("dur_nobody"), 5_000)).toBeUndefined();
  });

  test("a key has its scopes and workflows, and is not found once it has expired", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const workflows = ["order-sync" as WorkflowId];
    const { key } = await store.create({ ...ci, workflows, expiresAt: 2_000 }, 1_000);
    expect(await store.find(hashApiKey(key), 1_999)).toMatchObject({ ...ci, workflows, expiresAt: 2_000 });
    expect(await store.find(hashApiKey(key), 2_000)).toBeUndefined();
  });

  test("a revoked key is neither found nor listed", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { key, record } = await store.create(ci, 1_000);
    await store.revoke(record.id, 2_000);
    expect(await store.find(hashApiKey(key), 5_000)).toBeUndefined();
    expect((await store.list({ limit: 10 })).items).toEqual([]);
  });

  test("a missing or revoked key cannot be revoked", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { record } = await store.create(ci, 1_000);
    await store.revoke(record.id, 2_000);
    const missing = expect.objectContaining({ code: "api-key-not-found" });
    await expect(store.revoke(record.id, 3_000)).rejects.toThrow(missing);
    await expect(store.revoke("missing", 3_000)).rejects.toThrow(missing);
  });

  test("keys are listed in order of creation, page by page", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const ids: string[] = [];
    for (const now of [1_000, 2_000, 2_000, 2_000, 3_000]) ids.push((await store.create(ci, now)).record.id);
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, after: first.next });
    const third = await store.list({ limit: 2, after: second.next });
    const listed = [...first.items, ...second.items, ...third.items];
    expect(listed.map(({ createdAt }) => createdAt)).toEqual([1_000, 2_000, 2_000, 2_000, 3_000]);
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ids));
    expect(third).not.toHaveProperty("next");
  });

  test("the last use of a key is stored with a precision of a minute", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { key, record } = await store.create(ci, 0);
    const lastUses: unknown[] = [];
    for (const now of [1_000, 60_999, 61_000]) {
      await store.touch(record.id, now);
      lastUses.push((await store.find(hashApiKey(key), 5_000))?.lastUsedAt);
    }
    expect(lastUses).toEqual([1_000, 1_000, 61_000]);
  });

  test("a root key is generated only on the first start", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const made = await store.ensureRootKey(1_000);
    expect(await store.ensureRootKey(2_000)).toBeUndefined();
    expect(await store.find(hashApiKey(made?.key ?? ""), 5_000)).toMatchObject({
      id: "root",
      createdAt: 1_000,
    });
  });

  test("one of several concurrent starts generates the root key", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const made = await Promise.all(Array.from({ length: 5 }, async () => await store.ensureRootKey(1_000)));
    const keys = made.filter((key) => key !== undefined);
    expect(keys).toHaveLength(1);
    expect((await store.find(hashApiKey(keys[0]?.key ?? ""), 5_000))?.id).toBe("root");
  });

  test("pages are complete while keys are created and revoked", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { record: first } = await store.create(ci, 1_000);
    const { record: second } = await store.create(ci, 2_000);
    const page = await store.list({ limit: 1 });
    await store.revoke(first.id, 2_500);
    const { record: third } = await store.create(ci, 3_000);
    const rest = await store.list({ limit: 10, after: page.next });
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
  });

  test("a configured root key replaces the previous one", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const made = await store.ensureRootKey(1_000);
    await store.touch("root", 1_500);
    expect(await store.ensureRootKey(2_000, "a key that we chose ourselves")).toBeUndefined();
    expect(await store.find(hashApiKey(made?.key ?? ""), 5_000)).toBeUndefined();
    expect(await store.find(hashApiKey("a key that we chose ourselves"), 5_000)).toEqual({
      id: "root",
      name: "root",
      prefix: "a ke",
      scopes,
      createdAt: 2_000,
    });
  });

  test("an unchanged configured root key is kept, and none is generated", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    await store.ensureRootKey(1_000, "a key that we chose ourselves");
    await store.ensureRootKey(2_000, "a key that we chose ourselves");
    expect(await store.ensureRootKey(3_000)).toBeUndefined();
    expect((await store.find(hashApiKey("a key that we chose ourselves"), 5_000))?.createdAt).toBe(1_000);
  });

  test("an existing API key cannot become the root key", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const { key } = await store.create(ci, 1_000);
    await expect(store.ensureRootKey(2_000, key)).rejects.toThrow(
      expect.objectContaining({
        code: "invalid-request",
        message: expect.stringMatching(/DURANIUM_ROOT_KEY.*"ci"/),
      }),
    );
    expect((await store.find(hashApiKey(key), 5_000))?.name).toBe("ci");
  });

  test("the root key cannot be revoked, and the error says how to replace it", async () => {
    await using database = await open();
    const store = createApiKeyStore(database);
    const made = await store.ensureRootKey(1_000);
    await expect(store.revoke("root", 2_000)).rejects.toThrow(
      expect.objectContaining({
        code: "invalid-request",
        message: expect.stringContaining("DURANIUM_ROOT_KEY"),
      }),
    );
    expect(await store.find(hashApiKey(made?.key ?? ""), 5_000)).toBeDefined();
  });
});

test("one of several processes that start concurrently on a SQLite file generates the root key", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-api-keys-"));
  const path = join(folder.path, "a.sqlite");
  const made = await runInProcesses<string | null>(
    3,
    (_, at) => `
      import { openSqlite } from ${at("sql/sqlite.ts")};
      import { createApiKeyStore } from ${at("api-keys.ts")};
      using database = openSqlite(${JSON.stringify(path)});
      const made = await createApiKeyStore(database).ensureRootKey(Date.now());
      console.log(JSON.stringify(made?.key ?? null));
    `,
  );
  const keys = made.filter((key) => key !== null);
  using database = openSqlite(path);
  expect(keys).toHaveLength(1);
  expect((await createApiKeyStore(database).find(hashApiKey(keys[0] ?? ""), 5_000))?.id).toBe("root");
});
