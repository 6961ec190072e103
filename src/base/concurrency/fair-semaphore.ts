/**
 * A semaphore whose permits are shared fairly by keys. A free permit goes to the waiting key that received its last permit
 * longest ago, so many requests of one key delay another key by at most one permit.
 */
export interface FairSemaphore {
  /**
   * Waits for a permit. Disposing the permit releases it, once.
   *
   * @throws the signal's reason, as soon as it aborts
   */
  take(key: string, signal?: AbortSignal): Promise<Disposable>;
  /** The number of permits in use. */
  readonly taken: number;
  /** The number of waiting requests. */
  readonly waiting: number;
  /** Rejects all waiting and all later requests with `reason`. */
  close(reason: Error): void;
}

export interface FairSemaphoreOptions {
  readonly capacity: number;
  /** The maximum number of permits of one key at a time, so that permits remain for other keys. */
  readonly perKey: number;
}

interface Share {
  taken: number;
  /** The number of its last permit among all permits; 0 before its first. */
  lastPermit: number;
  /** In order of arrival. */
  readonly waiting: Set<Waiter>;
}

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

export function createFairSemaphore({ capacity, perKey }: FairSemaphoreOptions): FairSemaphore {
  const shares = new Map<string, Share>();
  let free = capacity;
  let permits = 0;
  let waiting = 0;
  let closedFor: Error | undefined;

  function admitNext(): void {
    if (free === 0) return;
    let next: Share | undefined;
    for (const share of shares.values()) {
      const isEligible = share.waiting.size > 0 && share.taken < perKey;
      if (isEligible && (next === undefined || share.lastPermit < next.lastPermit)) next = share;
    }
    const [waiter] = next?.waiting ?? [];
    if (next === undefined || waiter === undefined) return;
    next.waiting.delete(waiter);
    waiting -= 1;
    next.taken += 1;
    next.lastPermit = ++permits;
    free -= 1;
    waiter.admit();
  }

  function deleteIfUnused(key: string, share: Share): void {
    if (share.taken === 0 && share.waiting.size === 0 && shares.get(key) === share) shares.delete(key);
  }

  function permit(key: string, share: Share): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]() {
        if (!isTaken) return;
        isTaken = false;
        share.taken -= 1;
        free += 1;
        deleteIfUnused(key, share);
        admitNext();
      },
    };
  }

  return {
    get taken() {
      return capacity - free;
    },
    get waiting() {
      return waiting;
    },
    async take(key, signal) {
      signal?.throwIfAborted();
      if (closedFor !== undefined) throw closedFor;
      const share = shares.get(key) ?? { taken: 0, lastPermit: 0, waiting: new Set() };
      shares.set(key, share);
      const { promise, resolve: admit, reject: refuse } = Promise.withResolvers<void>();
      const waiter = { admit, refuse };
      const abort = () => {
        // A waiter that was admitted just before keeps its permit, and disposes it.
        if (!share.waiting.delete(waiter)) return;
        waiting -= 1;
        deleteIfUnused(key, share);
        refuse(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      share.waiting.add(waiter);
      waiting += 1;
      admitNext();
      await promise.finally(() => signal?.removeEventListener("abort", abort));
      return permit(key, share);
    },
    close(reason) {
      closedFor = reason;
      for (const [key, share] of shares) {
        for (const { refuse } of share.waiting) refuse(reason);
        share.waiting.clear();
        deleteIfUnused(key, share);
      }
      waiting = 0;
    },
  };
}
