import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { createSecretStore } from "./secrets.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { secrets } from "./sql/schema.ts";

const orders = "order-sync" as WorkflowId;
const salaries = "salaries" as WorkflowId;
const stripe = { name: "STRIPE_KEY", hosts: ["api.stripe.com"], value: "sk_live_4711", updatedAt: 1_000 };

test("a secret is found by its workflow and name, and listed without its value", () => {
  using database = openSqlite(":memory:");
  const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
  store.set(orders, stripe);
  store.set(orders, { ...stripe, name: "A" });
  expect(store.find(orders, "STRIPE_KEY")).toEqual(stripe);
  expect(store.find(salaries, "STRIPE_KEY")).toBeUndefined();
  expect(store.list(orders).map(({ name }) => name)).toEqual(["A", "STRIPE_KEY"]);
  expect(JSON.stringify(store.list(orders))).not.toContain("sk_live");
});

test("a secret can be replaced, removed, and is removed with its workflow", () => {
  using database = openSqlite(":memory:");
  const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
  store.set(orders, stripe);
  store.set(orders, { ...stripe, value: "sk_live_4712", updatedAt: 2_000 });
  expect(store.find(orders, "STRIPE_KEY")).toMatchObject({ value: "sk_live_4712", updatedAt: 2_000 });
  expect(store.remove(orders, "STRIPE_KEY")).toBe(true);
  expect(store.remove(orders, "STRIPE_KEY")).toBe(false);
  store.set(orders, stripe);
  store.set(salaries, stripe);
  store.removeAll(orders);
  expect([store.list(orders), store.list(salaries)]).toMatchObject([[], [{ name: "STRIPE_KEY" }]]);
});

test("a row that was moved to another workflow cannot be decrypted", () => {
  using database = openSqlite(":memory:");
  const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
  store.set(orders, stripe);
  database.sync.update(secrets).set({ workflowId: salaries }).run();
  expect(() => store.find(salaries, "STRIPE_KEY")).toThrow();
});

test("a rotation encrypts everything with the new master key, and the old one is no longer needed", () => {
  using database = openSqlite(":memory:");
  const [old, next] = [generateKey(), generateKey()];
  createSecretStore(database, createKeyRing(parseKeys(old))).set(orders, stripe);
  const both = createSecretStore(database, createKeyRing(parseKeys(`${next} ${old}`)));
  expect([both.reencrypt(), both.reencrypt()]).toEqual([1, 0]);
  const store = createSecretStore(database, createKeyRing(parseKeys(next)));
  expect(store.find(orders, "STRIPE_KEY")).toEqual(stripe);
});
