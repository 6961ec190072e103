import { expect, test } from "vitest";
import { describeOnEachDatabase } from "./testing/databases.ts";
import { createWebhookDeliveryStore, maxWebhookDeliveries } from "./webhook-deliveries.ts";
import type { NewDelivery } from "./webhook-deliveries.ts";

function deliveryAt(at: number, webhookId = "hook"): NewDelivery {
  return { webhookId, at, outcome: "rejected", status: 401, code: "signature-invalid", bytes: 12 };
}

describeOnEachDatabase("requests to webhooks", (open) => {
  test("the latest requests of a webhook are stored, and listed a page at a time", async () => {
    await using database = await open();
    const store = createWebhookDeliveryStore(database);
    await store.append([
      deliveryAt(1, "other"),
      ...Array.from({ length: maxWebhookDeliveries + 5 }, (_, at) => deliveryAt(at)),
    ]);
    const first = await store.list("hook", { limit: 2 });
    expect(first.items.map(({ at }) => at)).toEqual([maxWebhookDeliveries + 4, maxWebhookDeliveries + 3]);
    const rest = await store.list("hook", { limit: 1_000, after: first.next });
    expect(rest.items).toHaveLength(maxWebhookDeliveries - 2);
    expect(rest.items.at(-1)).toMatchObject({ at: 5, status: 401, code: "signature-invalid" });
    expect((await store.list("other", { limit: 9 })).items).toHaveLength(1);
  });

  test("requests that several processes store at the same time are all stored, once", async () => {
    await using database = await open();
    const store = createWebhookDeliveryStore(database);
    await Promise.all(
      [1, 2, 3, 4].map(async (part) => await store.append([deliveryAt(part), deliveryAt(10 + part)])),
    );
    const { items } = await store.list("hook", { limit: 100 });
    expect(items.map(({ at }) => at).toSorted((one, other) => one - other)).toEqual([
      1, 2, 3, 4, 11, 12, 13, 14,
    ]);
  });
});
