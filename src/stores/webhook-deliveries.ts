import type { Page, PageRequest } from "../base/page.ts";
import type { WebhookDelivery } from "../domain/webhook.ts";
import type { SqliteDatabase } from "./sql/sqlite.ts";
import { and, desc, eq, lt, lte } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { webhookDeliveries } from "./sql/schema.ts";

/** Requests that are stored of each webhook. */
export const maxWebhookDeliveries = 200;

/** A request to a webhook, before it is stored. */
export type NewDelivery = Omit<WebhookDelivery, "id"> & { readonly webhookId: string };

/** The latest requests to each webhook. */
export interface WebhookDeliveryStore {
  /** Stores the requests in one transaction, and removes the oldest ones beyond the maximum. */
  append(deliveries: readonly NewDelivery[]): void;
  /** Lists requests, newest first. */
  list(webhookId: string, page: PageRequest<number>): Page<WebhookDelivery, number>;
}

export function createWebhookDeliveryStore({ sync: queries }: SqliteDatabase): WebhookDeliveryStore {
  return {
    append: (deliveries) =>
      queries.transaction(
        (tx) => {
          for (const { code = null, executionId = null, ...delivery } of deliveries)
            tx.insert(webhookDeliveries)
              .values({ ...delivery, code, executionId })
              .run();
          for (const webhookId of new Set(deliveries.map((delivery) => delivery.webhookId))) {
            const [oldest] = tx
              .select({ id: webhookDeliveries.id })
              .from(webhookDeliveries)
              .where(isOf(webhookId))
              .orderBy(desc(webhookDeliveries.id))
              .limit(1)
              .offset(maxWebhookDeliveries)
              .all();
            if (oldest === undefined) continue;
            tx.delete(webhookDeliveries)
              .where(and(isOf(webhookId), lte(webhookDeliveries.id, oldest.id)))
              .run();
          }
        },
        { behavior: "immediate" },
      ),
    list(webhookId, { after, limit }) {
      const rows = queries
        .select()
        .from(webhookDeliveries)
        .where(and(isOf(webhookId), after === undefined ? undefined : lt(webhookDeliveries.id, after)))
        .orderBy(desc(webhookDeliveries.id))
        .limit(limit + 1)
        .all();
      return keysetPage(rows, { limit, toItem: toDelivery, keyOf: ({ id }) => id });
    },
  };
}

function isOf(webhookId: string) {
  return eq(webhookDeliveries.webhookId, webhookId);
}

function toDelivery({
  webhookId: _webhookId,
  code,
  executionId,
  ...delivery
}: typeof webhookDeliveries.$inferSelect): WebhookDelivery {
  return {
    ...delivery,
    ...(code === null ? {} : { code }),
    ...(executionId === null ? {} : { executionId }),
  };
}
