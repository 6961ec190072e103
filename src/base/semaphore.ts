/** A number of slots, given out in the order in which they are asked for. */
export interface Semaphore {
  /**
   * Waits for a slot; disposing it gives it back, once.
   * @throws the signal's reason, as soon as it aborts
   */
  take(signal?: AbortSignal): Promise<Disposable>;
  /** How many are given out. */
  readonly taken: number;
  /** How many wait for one. */
  readonly waiting: number;
  /** Refuses everybody who waits, and everybody who comes, with `reason`. */
  close(reason: Error): void;
}

/** So many slots for each key. */
export interface KeyedSemaphore {
  /** As `Slots.take`, of those of this key. */
  take(key: string, signal?: AbortSignal): Promise<Disposable>;
}

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

export function createSemaphore(count: number): Semaphore {
  const queue = new Set<Waiter>();
  let free = count;
  let closedFor: Error | undefined;

  function admitNext(): void {
    const [next] = queue;
    if (next === undefined || free === 0) return;
    queue.delete(next);
    free -= 1;
    next.admit();
  }

  function permit(): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]() {
        if (isTaken) free += 1;
        isTaken = false;
        admitNext();
      },
    };
  }

  return {
    get taken() {
      return count - free;
    },
    get waiting() {
      return queue.size;
    },
    async take(signal) {
      signal?.throwIfAborted();
      if (closedFor !== undefined) throw closedFor;
      const { promise, resolve: admit, reject: refuse } = Promise.withResolvers<void>();
      const waiter = { admit, refuse };
      const giveUp = () => {
        queue.delete(waiter);
        refuse(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      queue.add(waiter);
      admitNext();
      await promise.finally(() => signal?.removeEventListener("abort", giveUp));
      return permit();
    },
    close(reason) {
      closedFor = reason;
      for (const { refuse } of queue) refuse(reason);
      queue.clear();
    },
  };
}

export function createKeyedSemaphore(count: number): KeyedSemaphore {
  const slotsOfKey = new Map<string, Semaphore>();
  return {
    async take(key, signal) {
      signal?.throwIfAborted();
      const semaphore = slotsOfKey.get(key) ?? createSemaphore(count);
      slotsOfKey.set(key, semaphore);
      const permit = await semaphore.take(signal);
      return {
        [Symbol.dispose]() {
          permit[Symbol.dispose]();
          // Who waited was given it. A key that nobody uses leaves nothing behind; one that is used anew has others.
          if (semaphore.taken === 0 && slotsOfKey.get(key) === semaphore) slotsOfKey.delete(key);
        },
      };
    },
  };
}
