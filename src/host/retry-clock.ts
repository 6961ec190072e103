/** How an effect waits between two attempts: in real time, or on the virtual clock of a preview. */
export interface Waiting {
  /** A monotonic clock in milliseconds. */
  elapsed(): number;
  /** Rejects with the reason of `signal` when that aborts. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const realWaiting: Waiting = {
  elapsed: () => performance.now(),
  async wait(durationMs, signal) {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, durationMs);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    await promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    });
  },
};
