/** `node:events`: npm's `events`, which implements an older version of the class, with Node's later additions. */
import Emitter from "events/";

type Listener = (...args: unknown[]) => void;
interface ListenerOptions {
  readonly signal?: AbortSignal;
}

export const EventEmitter = Emitter;
export default EventEmitter;
export const captureRejectionSymbol = Symbol.for("nodejs.rejection");
export const errorMonitor = Symbol.for("events.errorMonitor");
export const captureRejections = false;
export const usingDomains = false;
export const { defaultMaxListeners } = Emitter;

/** @returns a promise of the event's arguments, which an `error` event or the signal rejects */
export function once(
  emitter: Emitter | EventTarget,
  name: string,
  { signal }: ListenerOptions = {},
): Promise<unknown[]> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown[]>();
  if (signal?.aborted === true) return Promise.reject(abortError(signal));
  const remove = listen(emitter, name, (...args) => settle(() => resolve(args)));
  const removeError =
    name === "error" || emitter instanceof EventTarget
      ? undefined
      : listen(emitter, "error", (error) => settle(() => reject(error)));
  const onAbort = () => settle(() => reject(abortError(signal)));
  signal?.addEventListener("abort", onAbort, { once: true });
  function settle(end: () => void): void {
    remove();
    removeError?.();
    signal?.removeEventListener("abort", onAbort);
    end();
  }
  return promise;
}

/**
 * Iterates over the events of a name until the signal aborts. An `error` event ends the iteration with that error.
 */
export function on(
  emitter: Emitter | EventTarget,
  name: string,
  { signal }: ListenerOptions = {},
): AsyncIterableIterator<unknown[]> {
  const queued: unknown[][] = [];
  const waiting: PromiseWithResolvers<IteratorResult<unknown[]>>[] = [];
  let failure: { readonly error: unknown } | undefined;
  let isDone = false;
  const stops = [
    listen(emitter, name, (...args) => {
      const next = waiting.shift();
      if (next === undefined) queued.push(args);
      else next.resolve({ value: args, done: false });
    }),
    name === "error" || emitter instanceof EventTarget ? () => undefined : listen(emitter, "error", fail),
  ];
  const onAbort = () => fail(abortError(signal));
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  function fail(error: unknown): void {
    const next = waiting.shift();
    if (next === undefined) failure = { error };
    else next.reject(error);
    end();
  }
  function end(): void {
    isDone = true;
    for (const stop of stops) stop();
    signal?.removeEventListener("abort", onAbort);
    for (const each of waiting.splice(0)) each.resolve({ value: undefined, done: true });
  }
  return {
    next() {
      const value = queued.shift();
      if (value !== undefined) return Promise.resolve({ value, done: false });
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (isDone) return Promise.resolve({ value: undefined, done: true });
      const next = Promise.withResolvers<IteratorResult<unknown[]>>();
      waiting.push(next);
      return next.promise;
    },
    return() {
      end();
      return Promise.resolve({ value: undefined, done: true });
    },
    throw(error: unknown) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Adds a listener and returns a function that removes it. */
function listen(emitter: Emitter | EventTarget, name: string, listener: Listener): () => void {
  if (emitter instanceof EventTarget) {
    emitter.addEventListener(name, listener);
    return () => emitter.removeEventListener(name, listener);
  }
  emitter.on(name, listener);
  return () => void emitter.removeListener(name, listener);
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error("The operation was aborted", { cause: signal?.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

export function addAbortListener(signal: AbortSignal, listener: (event: Event) => void): Disposable {
  if (signal.aborted) queueMicrotask(() => listener(new Event("abort")));
  else signal.addEventListener("abort", listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}

export function getEventListeners(emitter: Emitter, name: string): readonly unknown[] {
  return emitter.listeners(name);
}

export function listenerCount(emitter: Emitter, name: string): number {
  return emitter.listenerCount(name);
}

export function getMaxListeners(emitter: Emitter): number {
  return emitter.getMaxListeners();
}

export function setMaxListeners(count: number, ...emitters: readonly Emitter[]): void {
  if (emitters.length === 0) Emitter.defaultMaxListeners = count;
  for (const emitter of emitters) emitter.setMaxListeners?.(count);
}

/** An emitter whose listeners run in the asynchronous context in which it was created. */
export class EventEmitterAsyncResource extends EventEmitter {}

Object.assign(EventEmitter, {
  EventEmitter,
  EventEmitterAsyncResource,
  addAbortListener,
  captureRejectionSymbol,
  captureRejections,
  errorMonitor,
  getEventListeners,
  getMaxListeners,
  listenerCount,
  on,
  once,
  setMaxListeners,
  usingDomains,
});
