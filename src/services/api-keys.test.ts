import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createApiKeyStore } from "../stores/api-keys.ts";
import { openSqlite } from "../stores/sql/sqlite.ts";
import { createApiKeyService } from "./api-keys.ts";

const workflows = { isRemoved: async () => false };

const key = "a key that we chose ourselves";

async function rejectWrite(): Promise<never> {
  throw new Error("database is locked");
}

test("the last use of a key is stored after the response, at most once a minute", async () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  await store.ensureRootKey(0, key);
  const written: string[] = [];
  const touch = async (id: string, now: number) => {
    written.push(id);
    await store.touch(id, now);
  };
  const service = createApiKeyService({ ...store, touch }, workflows);
  for (let request = 0; request < 3; request++) await service.authenticate(key);
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(["root"]);
  expect((await service.authenticate(key))?.lastUsedAt).toBeGreaterThan(0);
  await nextTurn();
  expect(written).toEqual(["root"]);
});

test("a key is accepted if its last use cannot be stored", async () => {
  using database = openSqlite(":memory:");
  const store = createApiKeyStore(database);
  await store.ensureRootKey(0, key);
  const service = createApiKeyService({ ...store, touch: rejectWrite }, workflows);
  expect(await service.authenticate(key)).toMatchObject({ id: "root" });
  await nextTurn();
  expect(await service.authenticate(key)).toMatchObject({ id: "root" });
});
