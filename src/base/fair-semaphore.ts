/**
 * Permits that keys share. A key waits behind its own requests only: a permit that becomes free goes to the key that was
 * given one least lately, so that many requests of one key delay those of another by one permit at most.
 */
export interface FairSemaphore {
  /**
   * Waits for a permit; disposing it gives it back, once.
   * @throws the signal's reason, as soon as it aborts
   */
  take(key: string, signal?: AbortSignal): Promise<Disposable>;
  /** How many permits are given out. */
  readonly taken: number;
  /** How many requests wait for one. */
  readonly waiting: number;
  /** Refuses all requests that wait, and all later ones, with `reason`. */
  close(reason: Error): void;
}

export interface FairSemaphoreOptions {
  readonly capacity: number;
  /** The most that one key holds at once, so that something is left for the next. */
  readonly perKey: number;
}

interface Share {
  taken: number;
  /** Which permit of all was its last one; 0 before its first. */
  lastPermit: number;
  /** In their order. */
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

  function forgetIfUnused(key: string, share: Share): void {
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
        forgetIfUnused(key, share);
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
      const giveUp = () => {
        // Whoever was admitted in the same moment keeps the permit, and disposes it.
        if (!share.waiting.delete(waiter)) return;
        waiting -= 1;
        forgetIfUnused(key, share);
        refuse(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      share.waiting.add(waiter);
      waiting += 1;
      admitNext();
      await promise.finally(() => signal?.removeEventListener("abort", giveUp));
      return permit(key, share);
    },
    close(reason) {
      closedFor = reason;
      for (const [key, share] of shares) {
        for (const { refuse } of share.waiting) refuse(reason);
        share.waiting.clear();
        forgetIfUnused(key, share);
      }
      waiting = 0;
    },
  };
}
