import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { attemptIdleMs } from "./limits.ts";

/**
 * Suspends attempts: it decides when the input of an attempt ends.
 *
 * Restate ends the input of an attempt that was inactive for its inactivity timeout, and the SDK then suspends the
 * attempt as soon as it waits for a result that is not there yet. Ending the input on this side has the same effect: the
 * service protocol lets an attempt suspend whenever it waits. Whatever Restate sends afterwards is in its journal, so the
 * next attempt replays it.
 *
 * An attempt with an effect in flight cannot suspend, and without its input it receives no timer, event, result or
 * cancellation. So this module ends the input of an idle attempt, but not while an effect keeps it open; Restate's own
 * inactivity timeout is longer. The input may still end early, because an operator set a shorter timeout or because the
 * instance is needed elsewhere. `mayMissResults` then reports that a new attempt could receive more.
 */

/** Handles one HTTP/2 request from Restate. */
export type RequestHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** The connection of one attempt. */
export interface AttemptConnection {
  /** Suspends the attempt: immediately if it waits, otherwise when it next waits. */
  suspend(): void;
  /** Keeps the input of an idle attempt open while `isBusy` returns true. It is called when the input would be ended. */
  keepOpenWhile(isBusy: () => boolean): void;
  /** True if the journal may contain results that this attempt cannot receive, and this process accepts new attempts. */
  mayMissResults(): boolean;
}

const currentConnection = new AsyncLocalStorage<AttemptConnection>();

/** The attempts in flight on this process. */
export interface Attempts {
  /** Wraps a handler: each of its requests is an attempt, and `currentAttemptConnection` returns its connection. */
  track(handler: RequestHandler): RequestHandler;
  /**
   * Rejects further attempts, which Restate retries later or on another executor, and suspends those in flight: each ends
   * when its effects have ended and are journaled. Resolves when all have ended, or after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<void>;
  /** Accepts attempts again. */
  reopen(): void;
  readonly use: () => { readonly attempts: number; readonly attemptsInFlight: number };
}

export function createAttempts(): Attempts {
  const live = new Set<AttemptInput>();
  let begun = 0;
  let isDraining = false;
  let whenIdle: (() => void) | undefined;

  function start(request: Http2ServerRequest, response: Http2ServerResponse): AttemptConnection {
    const input = createAttemptInput(request[Symbol.asyncIterator]());
    request[Symbol.asyncIterator] = () => input.iterator;
    live.add(input);
    begun += 1;
    response.once("close", () => {
      live.delete(input);
      input[Symbol.dispose]();
      if (live.size === 0) whenIdle?.();
    });
    return {
      suspend: () => input.end(),
      keepOpenWhile: (isBusy) => input.keepOpenWhile(isBusy),
      mayMissResults: () => input.mayMissResults() && !isDraining,
    };
  }

  return {
    track: (handler) => (request, response) => {
      if (isDraining) response.writeHead(503).end();
      else currentConnection.run(start(request, response), () => handler(request, response));
    },
    async drain(timeoutMs) {
      isDraining = true;
      if (live.size === 0) return;
      const { promise: idle, resolve } = Promise.withResolvers<void>();
      whenIdle = resolve;
      for (const input of live) input.end();
      const overdue = setTimeout(resolve, timeoutMs);
      await idle;
      clearTimeout(overdue);
    },
    reopen() {
      isDraining = false;
    },
    use: () => ({ attempts: begun, attemptsInFlight: live.size }),
  };
}

/** Returns the connection of the attempt that the caller runs in. */
export function currentAttemptConnection(): AttemptConnection {
  const connection = currentConnection.getStore();
  if (connection === undefined)
    throw new Error("Cannot get the connection of the attempt: the caller does not run in one");
  return connection;
}

interface AttemptInput extends Disposable {
  readonly iterator: AsyncGenerator;
  keepOpenWhile(isBusy: () => boolean): void;
  mayMissResults(): boolean;
  end(): void;
}

type Chunk = IteratorResult<unknown>;

/** Passes chunks on until the input is ended. Later chunks are read and discarded. */
function createAttemptInput(source: AsyncIterator<unknown>): AttemptInput {
  const ended: Chunk = { done: true, value: undefined };
  let isEnded = false;
  let mayMissResults = false;
  let isBusy: (() => boolean) | undefined;
  let abort: (() => void) | undefined;
  const idle = setTimeout(endWhenIdle, attemptIdleMs).unref();

  function endWhenIdle(): void {
    if (isBusy?.() === true) idle.refresh();
    else end();
  }

  function end(): void {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(idle);
    abort?.();
    drain(source, () => (mayMissResults = true));
  }

  function passOn(chunk: Chunk): Chunk {
    if (!isEnded && chunk.done !== true) {
      idle.refresh();
      return chunk;
    }
    // A chunk that arrives after the end is lost to this attempt. If Restate ended the input, so are all later results.
    if (!isEnded || chunk.done !== true) mayMissResults = true;
    isEnded = true;
    clearTimeout(idle);
    return ended;
  }

  const next = async (): Promise<Chunk> => {
    if (isEnded) return ended;
    const { promise, resolve, reject } = Promise.withResolvers<Chunk>();
    abort = () => resolve(ended);
    source.next().then((chunk) => resolve(passOn(chunk)), reject);
    return await promise;
  };
  return {
    iterator: { next } as AsyncGenerator,
    keepOpenWhile: (busy) => void (isBusy = busy),
    mayMissResults: () => mayMissResults,
    end,
    [Symbol.dispose]: () => clearTimeout(idle),
  };
}

/** Reads the rest of an input, because an HTTP/2 stream closes only once its data is read. */
function drain(source: AsyncIterator<unknown>, onChunk: () => void): void {
  const takeNext = async () => {
    while (!(await source.next()).done) onChunk();
  };
  takeNext().catch(() => {});
}
