import { expect, test } from "vitest";
import { createLocalCoordination } from "./local-coordination.ts";
import { createReadCache } from "./read-cache.ts";
import type { ReadCacheOptions } from "./read-cache.ts";

/** A cache in front of one value, with a clock that the test sets. */
function openCache(options: ReadCacheOptions = {}, dialect: "sqlite" | "postgres" = "postgres") {
  const database = { ...createLocalCoordination(), dialect };
  const clock = { now: 0 };
  const opened = {
    stored: 1,
    reads: 0,
    clock,
    cache: createReadCache<number>(database, "api-keys", {
      maxAgeMs: 100,
      now: () => clock.now,
      ...options,
    }),
    other: createReadCache<number>(database, "api-keys", { maxAgeMs: 100, now: () => clock.now }),
    read: async (key = "key") =>
      await opened.cache.read(key, async () => {
        opened.reads += 1;
        return opened.stored;
      }),
  };
  return opened;
}

test("a value is read once for its maximum age, by several readers at the same time too", async () => {
  const opened = openCache();
  expect(await Promise.all([opened.read(), opened.read(), opened.read()])).toEqual([1, 1, 1]);
  opened.clock.now = 99;
  expect(await opened.read()).toBe(1);
  expect(opened.reads).toBe(1);
});

test("a change without a notice takes effect after the maximum age", async () => {
  const opened = openCache();
  await opened.read();
  opened.stored = 2;
  opened.clock.now = 99;
  expect(await opened.read()).toBe(1);
  opened.clock.now = 100;
  expect(await opened.read()).toBe(2);
});

test("a change takes effect at once for all that share the notices", async () => {
  const opened = openCache();
  await opened.read();
  opened.stored = 2;
  opened.other.changed();
  expect(await opened.read()).toBe(2);
});

test("a value that was being read while it changed is read again", async () => {
  const opened = openCache();
  const { promise, resolve } = Promise.withResolvers<number>();
  const loads = [async () => await promise, async () => 2];
  const reading = opened.cache.read("key", async () => (await loads.shift()?.()) ?? 0);
  opened.cache.changed();
  resolve(1);
  expect(await reading).toBe(2);
});

test("a failed read is not remembered", async () => {
  const opened = openCache();
  const failing = opened.cache.read("key", () => Promise.reject(new Error("connection lost")));
  await expect(failing).rejects.toThrow("connection lost");
  expect(await opened.read()).toBe(1);
});

test("the number of values is limited, and those that were read last stay", async () => {
  const opened = openCache({ maxEntries: 2 });
  for (const key of ["a", "b", "c", "c", "b"]) await opened.read(key);
  expect(opened.reads).toBe(3);
  await opened.read("a");
  expect(opened.reads).toBe(4);
});

test("nothing is remembered in front of SQLite", async () => {
  const opened = openCache({}, "sqlite");
  await opened.read();
  opened.stored = 2;
  expect(await opened.read()).toBe(2);
});
