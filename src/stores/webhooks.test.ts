import { expect, test } from "vitest";
import type { WorkflowId } from "../domain/ids.ts";
import type { Webhook } from "../domain/webhook.ts";
import { createKeyRing, generateKey, parseKeys } from "./data-directory/key-ring.ts";
import { openSqlite } from "./sql/sqlite.ts";
import { webhookSignatures, webhooks } from "./sql/schema.ts";
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

test("a webhook is found by its token, and neither token nor secret is stored in plain text", () => {
  using database = openSqlite(":memory:");
  const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
  store.add(webhook, "the-token", "whsec_of_stripe");
  store.add({ ...webhook, id: "webhook-2", scheme: "none" }, "another-token", undefined);
  expect(store.find("the-token")).toEqual({ webhook, secret: "whsec_of_stripe" });
  expect(store.find("another-token")?.secret).toBeUndefined();
  expect(store.find("webhook-1")).toBeUndefined();
  const stored = JSON.stringify(database.sync.select().from(webhooks).all());
  expect(["the-token", "whsec_of_stripe"].filter((text) => stored.includes(text))).toEqual([]);
});

test("the token of a rotated or deleted webhook is not found", () => {
  using database = openSqlite(":memory:");
  const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
  store.add(webhook, "first", "secret");
  expect(store.replaceToken("salaries" as WorkflowId, "webhook-1", "second")).toBe(false);
  expect(store.replaceToken(orders, "webhook-1", "second")).toBe(true);
  expect([store.find("first"), store.find("second")?.webhook.id]).toEqual([undefined, "webhook-1"]);
  expect(store.remove("salaries" as WorkflowId, "webhook-1")).toBe(false);
  expect(store.remove(orders, "webhook-1")).toBe(true);
  expect(store.find("second")).toBeUndefined();
  expect(store.list(orders)).toEqual([]);
});

test("a rotation encrypts webhook secrets with the new master key", () => {
  using database = openSqlite(":memory:");
  const [old, next] = [generateKey(), generateKey()];
  createWebhookStore(database, createKeyRing(parseKeys(old))).add(webhook, "token", "secret");
  expect(createWebhookStore(database, createKeyRing(parseKeys(`${next} ${old}`))).reencrypt()).toBe(1);
  expect(createWebhookStore(database, createKeyRing(parseKeys(next))).find("token")?.secret).toBe("secret");
});

test("a used signature is rejected during its window, at its own webhook only", () => {
  using database = openSqlite(":memory:");
  const store = createWebhookStore(database, createKeyRing(parseKeys(generateKey())));
  const seen = (now: number, webhookId = "webhook-1", signature = "a") =>
    store.firstSeen(webhookId, signature, { now, windowMs: 100 });
  expect([seen(1_000), seen(1_099), seen(1_099, "webhook-2"), seen(1_099, "webhook-1", "b")]).toEqual([
    1_000, 1_000, 1_099, 1_099,
  ]);
  expect([seen(1_100), seen(1_150)]).toEqual([1_100, 1_100]);
  seen(5_000, "webhook-9");
  expect(database.sync.select().from(webhookSignatures).all()).toHaveLength(1);
});
