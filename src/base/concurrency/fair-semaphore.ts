export interface FairSemaphoreOptions {
  readonly capacity: number;
  /** The maximum number of permits of one key at a time, so that permits remain for other keys. */
  readonly perKey: number;
}

/** What one key has of the semaphore. */
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

/**
 * A semaphore whose permits are shared fairly by keys. A free permit goes to the waiting key that received its last permit
 * longest ago, so many requests of one key delay another key by at most one permit.
 *
 * Invariants:
 *
 * 1. The permits of all shares and the free ones are `capacity` together, and no key has more than `perKey`.
 * 2. While a permit is free, no key waits that may have another one.
 * 3. A key has a share while it holds or waits for a permit, and not for longer.
 */
export class FairSemaphore {
  readonly #capacity: number;
  readonly #perKey: number;
  readonly #shares = new Map<string, Share>();
  #free: number;
  #permits = 0;
  #waiting = 0;
  #closedFor: Error | undefined;

  constructor({ capacity, perKey }: FairSemaphoreOptions) {
    this.#capacity = capacity;
    this.#perKey = perKey;
    this.#free = capacity;
  }

  /** The number of permits in use. */
  get taken(): number {
    return this.#capacity - this.#free;
  }

  /** The number of waiting requests. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Waits for a permit. Disposing the permit releases it, once.
   *
   * @throws the signal's reason, as soon as it aborts
   */
  async take(key: string, signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#closedFor !== undefined) throw this.#closedFor;
    const share = this.#shares.get(key) ?? { taken: 0, lastPermit: 0, waiting: new Set() };
    this.#shares.set(key, share);
    const { promise, resolve: admit, reject: refuse } = Promise.withResolvers<void>();
    const waiter = { admit, refuse };
    const abort = () => {
      // A waiter that was admitted just before keeps its permit, and disposes it.
      if (!share.waiting.delete(waiter)) return;
      this.#waiting -= 1;
      this.#deleteIfUnused(key, share);
      refuse(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    share.waiting.add(waiter);
    this.#waiting += 1;
    this.#admitNext();
    await promise.finally(() => signal?.removeEventListener("abort", abort));
    return this.#permit(key, share);
  }

  /** Rejects all waiting and all later requests with `reason`. */
  close(reason: Error): void {
    this.#closedFor = reason;
    for (const [key, share] of this.#shares) {
      for (const { refuse } of share.waiting) refuse(reason);
      share.waiting.clear();
      this.#deleteIfUnused(key, share);
    }
    this.#waiting = 0;
  }

  #admitNext(): void {
    if (this.#free === 0) return;
    const share = this.#nextShare();
    const [waiter] = share?.waiting ?? [];
    if (share === undefined || waiter === undefined) return;
    share.waiting.delete(waiter);
    this.#waiting -= 1;
    share.taken += 1;
    share.lastPermit = ++this.#permits;
    this.#free -= 1;
    waiter.admit();
  }

  #nextShare(): Share | undefined {
    let next: Share | undefined;
    for (const share of this.#shares.values()) {
      const isEligible = share.waiting.size > 0 && share.taken < this.#perKey;
      if (isEligible && (next === undefined || share.lastPermit < next.lastPermit)) next = share;
    }
    return next;
  }

  #permit(key: string, share: Share): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        share.taken -= 1;
        this.#free += 1;
        this.#deleteIfUnused(key, share);
        this.#admitNext();
      },
    };
  }

  #deleteIfUnused(key: string, share: Share): void {
    const isUnused = share.taken === 0 && share.waiting.size === 0;
    if (isUnused && this.#shares.get(key) === share) this.#shares.delete(key);
  }
}
