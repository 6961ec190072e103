import type { NoticeListener, Topic } from "./coordination.ts";

/** The subscribers of this process. */
export interface Subscribers {
  add(topic: Topic, listener: NoticeListener): Disposable;
  notify(topic: string, key: string): void;
  /** Tells all subscribers that notices may have been missed. */
  notifyAll(): void;
}

export function createSubscribers(): Subscribers {
  const byTopic = new Map<string, Set<NoticeListener>>();
  return {
    add(topic, listener) {
      const listeners = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, listeners);
      // Wrapped, so that the same function can subscribe twice.
      const subscriber: NoticeListener = (key) => listener(key);
      listeners.add(subscriber);
      return { [Symbol.dispose]: () => void listeners.delete(subscriber) };
    },
    notify(topic, key) {
      for (const listener of byTopic.get(topic) ?? []) listener(key);
    },
    notifyAll() {
      for (const listeners of byTopic.values()) for (const listener of listeners) listener(undefined);
    },
  };
}
