/** How an effect waits between two attempts: as long as it says, or as a virtual clock has it. */
export interface Waiting {
  /** Milliseconds, from any moment on; never back. */
  elapsed(): number;
  /** @throws the reason of `signal`, once that aborts */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const realWaiting: Waiting = {
  elapsed: () => performance.now(),
  async wait(durationMs, signal) {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, durationMs);
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    await promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    });
  },
};
