/** So many places for each key. Who finds none waits, and is given one in turn. */
export interface Places {
  /**
   * Waits for a place; disposing it gives it back.
   *
   * @throws the signal's reason, where it aborts before that
   */
  take(key: string, signal: AbortSignal): Promise<Disposable>;
}

interface Queue {
  taken: number;
  /** In the order in which they came: each is called when a place is handed over. */
  readonly waiting: Set<() => void>;
}

export function createPlaces(perKey: number): Places {
  const queues = new Map<string, Queue>();

  function giveBack(key: string, queue: Queue): void {
    const [next] = queue.waiting;
    if (next !== undefined) {
      queue.waiting.delete(next);
      next();
      return;
    }
    queue.taken -= 1;
    if (queue.taken === 0) queues.delete(key);
  }

  return {
    async take(key, signal) {
      signal.throwIfAborted();
      const queue = queues.get(key) ?? { taken: 0, waiting: new Set() };
      queues.set(key, queue);
      if (queue.taken < perKey) queue.taken += 1;
      else await turnIn(queue, signal);
      return { [Symbol.dispose]: () => giveBack(key, queue) };
    },
  };
}

/** Who no longer waits is handed nothing. */
async function turnIn({ waiting }: Queue, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = () => {
    if (waiting.delete(resolve)) reject(signal.reason);
  };
  waiting.add(resolve);
  signal.addEventListener("abort", giveUp, { once: true });
  await promise.finally(() => signal.removeEventListener("abort", giveUp));
}
