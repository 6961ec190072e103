import type { Logger } from "../../base/logger.ts";
import type { NewDelivery, WebhookDeliveryStore } from "../../stores/webhook-deliveries.ts";

/** How long a request waits to be stored together with others. */
const batchDelayMs = 250;

/** Requests that wait to be stored. Further ones are not listed. */
const maxQueued = 2_000;

/**
 * Stores requests to webhooks in batches, because a sync of the disk for each would delay the responses. The last quarter of a second
 * is lost if the process is killed: nothing but the list depends on it.
 */
export interface DeliveryLog extends Disposable {
  add(delivery: NewDelivery): void;
  /** Stores what is queued. */
  flush(): void;
}

export function createDeliveryLog(store: Pick<WebhookDeliveryStore, "append">, logger: Logger): DeliveryLog {
  let queued: NewDelivery[] = [];
  let timer: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (queued.length === 0) return;
    const batch = queued;
    queued = [];
    try {
      store.append(batch);
    } catch (error) {
      logger.error("cannot store requests to webhooks", { error });
    }
  }
  return {
    add(delivery) {
      if (queued.length < maxQueued) queued.push(delivery);
      timer ??= setTimeout(flush, batchDelayMs).unref();
    },
    flush,
    [Symbol.dispose]: flush,
  };
}
