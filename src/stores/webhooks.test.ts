import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import type { Webhook } from "../domain/webhook.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { createWebhookStore } from "./webhooks.ts";

const orders = "order-sync" as WorkflowId;
const webhook: Webhook = {
  id: "webhook-1",
  workflowId: orders,
  entryPoint: "paid",
  scheme: "stripe",
  payload: "body",
  createdAt: 1_000,
};

describeOnEachDatabase("webhooks", (open) => {
  test("a webhook is found by its token, and neither token nor secret is stored in plain text", async () => {
    await using database = await open();
    const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
    await store.add(webhook, "the-token", "whsec_of_stripe");
    await store.add({ ...webhook, id: "webhook-2", scheme: "none" }, "another-token", undefined);
    expect(await store.find("the-token")).toEqual({ webhook, secret: "whsec_of_stripe" });
    expect((await store.find("another-token"))?.secret).toBeUndefined();
    expect(await store.find("webhook-1")).toBeUndefined();
    const stored = JSON.stringify(await database.queries.select().from(database.tables.webhooks));
    expect(["the-token", "whsec_of_stripe"].filter((text) => stored.includes(text))).toEqual([]);
  });

  test("the token of a rotated or deleted webhook is not found", async () => {
    await using database = await open();
    const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
    await store.add(webhook, "first", "secret");
    expect(await store.replaceToken("salaries" as WorkflowId, "webhook-1", "second")).toBe(false);
    expect(await store.replaceToken(orders, "webhook-1", "second")).toBe(true);
    expect([await store.find("first"), (await store.find("second"))?.webhook.id]).toEqual([
      undefined,
      "webhook-1",
    ]);
    expect(await store.remove("salaries" as WorkflowId, "webhook-1")).toBe(false);
    expect(await store.remove(orders, "webhook-1")).toBe(true);
    expect(await store.find("second")).toBeUndefined();
    expect(await store.list(orders)).toEqual([]);
  });

  test("two webhooks cannot have the same token", async () => {
    await using database = await open();
    const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
    await store.add(webhook, "token", undefined);
    await expect(store.add({ ...webhook, id: "webhook-2" }, "token", undefined)).rejects.toThrow();
    expect(await store.list(orders)).toHaveLength(1);
  });

  test("a signature that arrives several times at once was first seen at one time", async () => {
    await using database = await open();
    const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
    const seen = await Promise.all(
      [1_001, 1_002, 1_003, 1_004].map(
        async (now) => await store.firstSeen("webhook-1", "a", { now, windowMs: 100 }),
      ),
    );
    expect(new Set(seen).size).toBe(1);
  });

  test("a rotation encrypts webhook secrets with the new master key", async () => {
    await using database = await open();
    const [old, next] = [generateKey(), generateKey()];
    await createWebhookStore(database, createKeyRing(parseKeys(old))).add(webhook, "token", "secret");
    expect(await createWebhookStore(database, createKeyRing(parseKeys(`${next} ${old}`))).reencrypt()).toBe(
      1,
    );
    expect((await createWebhookStore(database, createKeyRing(parseKeys(next))).find("token"))?.secret).toBe(
      "secret",
    );
  });

  test("a used signature is rejected during its window, at its own webhook only", async () => {
    await using database = await open();
    const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
    const seen = async (now: number, webhookId = "webhook-1", signature = "a") =>
      await store.firstSeen(webhookId, signature, { now, windowMs: 100 });
    expect([
      await seen(1_000),
      await seen(1_099),
      await seen(1_099, "webhook-2"),
      await seen(1_099, "webhook-1", "b"),
    ]).toEqual([1_000, 1_000, 1_099, 1_099]);
    expect([await seen(1_100), await seen(1_150)]).toEqual([1_100, 1_100]);
    await seen(5_000, "webhook-9");
    expect(await database.queries.select().from(database.tables.webhookSignatures)).toHaveLength(1);
  });
});
