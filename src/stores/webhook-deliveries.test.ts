import { expect, test } from "vitest";
import { openSqlite } from "./sql/sqlite.ts";
import { createWebhookDeliveryStore, maxWebhookDeliveries } from "./webhook-deliveries.ts";
import type { NewDelivery } from "./webhook-deliveries.ts";

function deliveryAt(at: number, webhookId = "hook"): NewDelivery {
  return { webhookId, at, outcome: "rejected", status: 401, code: "signature-invalid", bytes: 12 };
}

test("the latest requests of a webhook are stored, and listed a page at a time", () => {
  using database = openSqlite(":memory:");
  const store = createWebhookDeliveryStore(database);
  store.append([
    deliveryAt(1, "other"),
    ...Array.from({ length: maxWebhookDeliveries + 5 }, (_, at) => deliveryAt(at)),
  ]);
  const first = store.list("hook", { limit: 2 });
  expect(first.items.map(({ at }) => at)).toEqual([maxWebhookDeliveries + 4, maxWebhookDeliveries + 3]);
  const rest = store.list("hook", { limit: 1_000, after: first.next });
  expect(rest.items).toHaveLength(maxWebhookDeliveries - 2);
  expect(rest.items.at(-1)).toMatchObject({ at: 5, status: 401, code: "signature-invalid" });
  expect(store.list("other", { limit: 9 }).items).toHaveLength(1);
});
