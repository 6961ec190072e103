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
export interface DeliveryLog extends AsyncDisposable {
  add(delivery: NewDelivery): void;
  /** Stores what is queued. */
  flush(): Promise<void>;
}

export function createDeliveryLog(store: Pick<WebhookDeliveryStore, "append">, logger: Logger): DeliveryLog {
  let queued: NewDelivery[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing = Promise.resolve();

  async function append(batch: readonly NewDelivery[]): Promise<void> {
    try {
      await store.append(batch);
    } catch (error) {
      logger.error("cannot store requests to webhooks", { error });
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = queued;
    queued = [];
    if (batch.length > 0) storing = storing.then(async () => await append(batch));
    await storing;
  }

  return {
    add(delivery) {
      if (queued.length < maxQueued) queued.push(delivery);
      timer ??= setTimeout(() => void flush(), batchDelayMs).unref();
    },
    flush,
    [Symbol.asyncDispose]: flush,
  };
}
