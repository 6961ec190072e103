/** Tells listeners how something is after it has changed: not after each change, but soon. */
export interface Observable<T> {
  /** Made anew after a change, when somebody asks. */
  readonly current: T;
  changed(): void;
  /** At once; after it, only what changes then. */
  notify(): void;
  /** Answers with how to stop that. */
  subscribe(listener: (current: T) => void): () => void;
  /** Nobody is told anything any more. */
  stop(): void;
}

/** How long changes are collected, in milliseconds. */
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
      // What changed while nobody listened.
      if (known === undefined) timer ??= setTimeout(notify, notifyDelayMs);
      return () => listeners.delete(listener);
    },
    stop() {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
