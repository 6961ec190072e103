interface TimerOptions {
  readonly signal?: AbortSignal;
}

export function setTimeout<T = void>(delayMs?: number, value?: T, { signal }: TimerOptions = {}): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  if (signal?.aborted === true) return Promise.reject(abortError(signal));
  const handle = globalThis.setTimeout(() => {
    signal?.removeEventListener("abort", stop);
    resolve(value as T);
  }, delayMs);
  function stop(): void {
    globalThis.clearTimeout(handle);
    reject(abortError(signal));
  }
  signal?.addEventListener("abort", stop, { once: true });
  return promise;
}

export function setImmediate<T = void>(value?: T, options?: TimerOptions): Promise<T> {
  return setTimeout(0, value, options);
}

export async function* setInterval<T = void>(
  delayMs?: number,
  value?: T,
  options?: TimerOptions,
): AsyncGenerator<T> {
  for (;;) yield await setTimeout(Math.max(1, delayMs ?? 1), value, options);
}

export const scheduler = {
  wait: (delayMs: number, options?: TimerOptions) => setTimeout(delayMs, undefined, options),
  yield: () => setImmediate(),
};

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error("The operation was aborted", { cause: signal?.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}
