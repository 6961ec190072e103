import type { Page, PageRequest } from "../base/page.ts";
import type { WebhookDelivery } from "../domain/webhook.ts";
import { rows } from "./sql/database.ts";
import type { Database, Steps } from "./sql/database.ts";
import { and, desc, eq, lt, lte } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

/** Requests that are stored of each webhook. */
export const maxWebhookDeliveries = 200;

/** A request to a webhook, before it is stored. */
export type NewDelivery = Omit<WebhookDelivery, "id"> & { readonly webhookId: string };

/** The latest requests to each webhook. */
export interface WebhookDeliveryStore {
  /** Stores the requests in one transaction, and removes the oldest ones beyond the maximum. */
  append(deliveries: readonly NewDelivery[]): Promise<void>;
  /** Lists requests, newest first. */
  list(webhookId: string, page: PageRequest<number>): Promise<Page<WebhookDelivery, number>>;
}

export function createWebhookDeliveryStore(database: Database): WebhookDeliveryStore {
  const { queries } = database;
  const { webhookDeliveries } = database.tables;
  const { id, webhookId: ofWebhook } = webhookDeliveries;
  return {
    async append(deliveries) {
      if (deliveries.length === 0) return;
      const added = deliveries.map(({ code = null, executionId = null, ...delivery }) => ({
        ...delivery,
        code,
        executionId,
      }));
      await database.transaction(function* (tx): Steps<void> {
        yield* rows(tx.insert(webhookDeliveries).values(added));
        for (const webhookId of new Set(deliveries.map((delivery) => delivery.webhookId))) {
          const isOf = eq(ofWebhook, webhookId);
          const [oldest] = yield* rows(
            tx
              .select({ id })
              .from(webhookDeliveries)
              .where(isOf)
              .orderBy(desc(id))
              .limit(1)
              .offset(maxWebhookDeliveries),
          );
          if (oldest !== undefined)
            yield* rows(tx.delete(webhookDeliveries).where(and(isOf, lte(id, oldest.id))));
        }
      });
    },
    async list(webhookId, { after, limit }) {
      const found = await queries
        .select()
        .from(webhookDeliveries)
        .where(and(eq(ofWebhook, webhookId), after === undefined ? undefined : lt(id, after)))
        .orderBy(desc(id))
        .limit(limit + 1);
      return keysetPage(found, { limit, toItem: toDelivery, keyOf: (row) => row.id });
    },
  };
}

function toDelivery({
  webhookId: _webhookId,
  code,
  executionId,
  ...delivery
}: Tables["webhookDeliveries"]["$inferSelect"]): WebhookDelivery {
  return {
    ...delivery,
    ...(code === null ? {} : { code }),
    ...(executionId === null ? {} : { executionId }),
  };
}
