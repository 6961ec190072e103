import type { Coordination } from "./coordination.ts";
import { createSubscribers } from "./subscribers.ts";

/**
 * For a database that one machine uses. Each process holds every lease that it wants: an API and an executor beside it want
 * different ones.
 */
export function createLocalCoordination(): Coordination {
  const subscribers = createSubscribers();
  return {
    lease: (_name, start) => start(),
    publish: (topic, key) => subscribers.notify(topic, key),
    subscribe: (topic, listener) => subscribers.add(topic, listener),
    async [Symbol.asyncDispose]() {},
  };
}
