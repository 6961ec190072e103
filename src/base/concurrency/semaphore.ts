/** A fixed number of permits, given to waiters in order of arrival. */
export interface Semaphore {
  /**
   * Waits for a permit. Disposing the permit releases it, once.
   *
   * @throws the signal's reason, as soon as it aborts
   */
  take(signal?: AbortSignal): Promise<Disposable>;
  /** The number of permits in use. */
  readonly taken: number;
  /** The number of waiters. */
  readonly waiting: number;
  /** Rejects all waiting and all later calls of `take` with `reason`. */
  close(reason: Error): void;
}

/** A semaphore for each key. */
export interface KeyedSemaphore {
  /** As `Semaphore.take`, for the permits of this key. */
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
      const abort = () => {
        queue.delete(waiter);
        refuse(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      queue.add(waiter);
      admitNext();
      await promise.finally(() => signal?.removeEventListener("abort", abort));
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
  const semaphores = new Map<string, Semaphore>();
  return {
    async take(key, signal) {
      signal?.throwIfAborted();
      const semaphore = semaphores.get(key) ?? createSemaphore(count);
      semaphores.set(key, semaphore);
      const permit = await semaphore.take(signal);
      return {
        [Symbol.dispose]() {
          permit[Symbol.dispose]();
          // Releasing admits the next waiter, so a semaphore without permits in use has no waiters and can be deleted. A key
          // that is used again may have a new semaphore by now, which must stay.
          if (semaphore.taken === 0 && semaphores.get(key) === semaphore) semaphores.delete(key);
        },
      };
    },
  };
}
