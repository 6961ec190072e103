/** Lets a loop sleep until there is something to do. */
export interface Waker {
  /** Ends the current sleep, or the next one if no loop sleeps. */
  wake(): void;
  /** Resolves when it is woken, after `timeoutMs`, or when the signal aborts. */
  sleep(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createWaker(): Waker {
  let isAwake = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      isAwake = true;
      end?.();
    },
    async sleep(timeoutMs, signal) {
      if (!isAwake && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const finish = () => resolve();
        end = finish;
        const timer = setTimeout(finish, timeoutMs).unref();
        signal.addEventListener("abort", finish, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        end = undefined;
      }
      isAwake = false;
    },
  };
}
