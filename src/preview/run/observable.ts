/** Notifies listeners of the current value after changes, batched by time. */
export interface Observable<T> {
  /** Computed on the first read after a change. */
  readonly current: T;
  changed(): void;
  /** Notifies immediately and clears pending notifications. */
  notify(): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: (current: T) => void): () => void;
  /** Stops all notifications. */
  stop(): void;
}

/** How long changes are batched, in milliseconds. */
const notifyDelayMs = 50;

export function createObservable<T>(read: () => T): Observable<T> {
  const listeners = new Set<(current: T) => void>();
  let known: { readonly value: T } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function current(): T {
    return (known ??= { value: read() }).value;
  }

  function notify(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const listener of listeners) listener(current());
  }

  return {
    get current() {
      return current();
    },
    changed() {
      known = undefined;
      if (listeners.size > 0) timer ??= setTimeout(notify, notifyDelayMs);
    },
    notify,
    subscribe(listener) {
      listeners.add(listener);
      // Includes changes from before the first listener.
      if (known === undefined) timer ??= setTimeout(notify, notifyDelayMs);
      return () => listeners.delete(listener);
    },
    stop() {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
