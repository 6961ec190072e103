import { expect, it } from "vitest";
import type { Hook } from "../domain/hook.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { createHookStore } from "./hooks.ts";
import { openDatabase } from "./sql/database.ts";
import { hookSignatures, hooks } from "./sql/schema.ts";

const orders = "order-sync" as WorkflowId;
const hook: Hook = {
  id: "hook-1",
  workflowId: orders,
  entryPoint: "paid",
  scheme: "stripe",
  payload: "body",
  createdAt: 1_000,
};

it("a hook is found by its token, which is stored nowhere, nor is its secret", () => {
  using database = openDatabase(":memory:");
  const store = createHookStore(database, createKeyRing(parseKeys(generateKey())));
  store.add(hook, "the-token", "whsec_of_stripe");
  store.add({ ...hook, id: "hook-2", scheme: "none" }, "another-token", undefined);
  expect(store.find("the-token")).toEqual({ hook, secret: "whsec_of_stripe" });
  expect(store.find("another-token")?.secret).toBeUndefined();
  expect(store.find("hook-1")).toBeUndefined();
  const stored = JSON.stringify(database.queries.select().from(hooks).all());
  expect(["the-token", "whsec_of_stripe"].filter((text) => stored.includes(text))).toEqual([]);
});

it("a token that was replaced finds nothing, nor does that of a hook that was removed", () => {
  using database = openDatabase(":memory:");
  const store = createHookStore(database, createKeyRing(parseKeys(generateKey())));
  store.add(hook, "first", "secret");
  expect(store.replaceToken("salaries" as WorkflowId, "hook-1", "second")).toBe(false);
  expect(store.replaceToken(orders, "hook-1", "second")).toBe(true);
  expect([store.find("first"), store.find("second")?.hook.id]).toEqual([undefined, "hook-1"]);
  expect(store.remove("salaries" as WorkflowId, "hook-1")).toBe(false);
  expect(store.remove(orders, "hook-1")).toBe(true);
  expect(store.find("second")).toBeUndefined();
  expect(store.list(orders)).toEqual([]);
});

it("a hook's secret comes under the new master key", () => {
  using database = openDatabase(":memory:");
  const [old, next] = [generateKey(), generateKey()];
  createHookStore(database, createKeyRing(parseKeys(old))).add(hook, "token", "secret");
  expect(createHookStore(database, createKeyRing(parseKeys(`${next} ${old}`))).reseal()).toBe(1);
  expect(createHookStore(database, createKeyRing(parseKeys(next))).find("token")?.secret).toBe("secret");
});

it("a signature that was seen stays seen for its window, at its hook, and no longer", () => {
  using database = openDatabase(":memory:");
  const store = createHookStore(database, createKeyRing(parseKeys(generateKey())));
  const seen = (now: number, hookId = "hook-1", signature = "a") =>
    store.firstSeen(hookId, signature, { now, windowMs: 100 });
  expect([seen(1_000), seen(1_099), seen(1_099, "hook-2"), seen(1_099, "hook-1", "b")]).toEqual([
    1_000, 1_000, 1_099, 1_099,
  ]);
  expect([seen(1_100), seen(1_150)]).toEqual([1_100, 1_100]);
  seen(5_000, "hook-9");
  expect(database.queries.select().from(hookSignatures).all()).toHaveLength(1);
});
