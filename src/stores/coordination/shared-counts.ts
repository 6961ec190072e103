import { randomUUID } from "node:crypto";
import type { Coordination } from "./coordination.ts";

/** Adds up what several processes count, within a second. */
export interface SharedCounts extends Disposable {
  /** Counts one more for the other processes. */
  add(name: string): void;
  /** Calls the listener with what the other processes have counted. */
  subscribe(listener: (name: string, count: number) => void): void;
}

/** How long counts are collected, so that an attack costs few notices. */
const collectMs = 200;

export function createSharedCounts(
  coordination: Pick<Coordination, "publish" | "subscribe">,
  topic: "requests-by-address",
): SharedCounts {
  const ownId = randomUUID();
  const counts = new Map<string, number>();
  const subscriptions = new DisposableStack();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    timer = undefined;
    for (const [name, count] of counts) {
      // The number makes equal notices different: those that wait are sent once.
      sent += 1;
      coordination.publish(topic, `${ownId} ${sent} ${count} ${name}`);
    }
    counts.clear();
  }

  return {
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      timer ??= setTimeout(send, collectMs).unref();
    },
    subscribe(listener) {
      const subscription = coordination.subscribe(topic, (notice = "") => {
        const [id, , count, ...name] = notice.split(" ");
        if (count !== undefined && id !== ownId) listener(name.join(" "), Number(count));
      });
      subscriptions.use(subscription);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}
