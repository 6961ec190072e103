import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { createSecretStore } from "./secrets.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";

const orders = "order-sync" as WorkflowId;
const salaries = "salaries" as WorkflowId;
const stripe = { name: "STRIPE_KEY", hosts: ["api.stripe.com"], value: "sk_live_4711", updatedAt: 1_000 };

describeOnEachDatabase("secrets", (open) => {
  test("a secret is found by its workflow and name, and listed without its value", async () => {
    await using database = await open();
    const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
    await store.set(orders, stripe);
    await store.set(orders, { ...stripe, name: "A" });
    expect(await store.find(orders, "STRIPE_KEY")).toEqual(stripe);
    expect(await store.find(salaries, "STRIPE_KEY")).toBeUndefined();
    expect((await store.list(orders)).map(({ name }) => name)).toEqual(["A", "STRIPE_KEY"]);
    expect(JSON.stringify(await store.list(orders))).not.toContain("sk_live");
  });

  test("a secret can be replaced, removed, and is removed with its workflow", async () => {
    await using database = await open();
    const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
    await store.set(orders, stripe);
    await store.set(orders, { ...stripe, value: "sk_live_4712", updatedAt: 2_000 });
    expect(await store.find(orders, "STRIPE_KEY")).toMatchObject({ value: "sk_live_4712", updatedAt: 2_000 });
    expect(await store.remove(orders, "STRIPE_KEY")).toBe(true);
    expect(await store.remove(orders, "STRIPE_KEY")).toBe(false);
    await store.set(orders, stripe);
    await store.set(salaries, stripe);
    await store.removeAll(orders);
    expect([await store.list(orders), await store.list(salaries)]).toMatchObject([
      [],
      [{ name: "STRIPE_KEY" }],
    ]);
  });

  test("a row that was moved to another workflow cannot be decrypted", async () => {
    await using database = await open();
    const store = createSecretStore(database, createKeyRing(parseKeys(generateKey())));
    await store.set(orders, stripe);
    await database.queries.update(database.tables.secrets).set({ workflowId: salaries });
    await expect(store.find(salaries, "STRIPE_KEY")).rejects.toThrow();
  });

  test("a rotation encrypts everything with the new master key, and the old one is no longer needed", async () => {
    await using database = await open();
    const [old, next] = [generateKey(), generateKey()];
    await createSecretStore(database, createKeyRing(parseKeys(old))).set(orders, stripe);
    const both = createSecretStore(database, createKeyRing(parseKeys(`${next} ${old}`)));
    expect([await both.reencrypt(), await both.reencrypt()]).toEqual([1, 0]);
    const store = createSecretStore(database, createKeyRing(parseKeys(next)));
    expect(await store.find(orders, "STRIPE_KEY")).toEqual(stripe);
  });
});
