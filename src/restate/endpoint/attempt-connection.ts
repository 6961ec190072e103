import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { attemptIdleMs } from "../../domain/limits.ts";

/**
 * Decides when an attempt is suspended, which is to end its input.
 *
 * Restate ends the input of an attempt that was inactive for a while, and the SDK then suspends it as soon as it
 * waits for what is not there yet. Ending the input on this side comes to the same: the service protocol lets an
 * attempt suspend whenever it waits. What Restate sends after that is in its journal, and so it is in the replay.
 *
 * An attempt with an effect in flight cannot suspend, and without its input it hears of no timer, event, result or
 * cancellation meanwhile. So the input of an idle attempt is ended here, and not while an effect holds it open; Restate's
 * own inactivity timeout is longer. Where the input ended all the same (an operator's shorter timeout, an instance that
 * others want), `mayMissResults` says that a new attempt would know more.
 */
/** Of a request of Restate's. */
export type RequestHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** What an attempt can ask of the connection on which Restate makes it. */
export interface AttemptConnection {
  /** Suspends the attempt: at once where it waits, else when it next does. */
  suspend(): void;
  /** Keeps the input open, however idle the attempt is. Asked when the input would be ended. */
  keepOpenWhile(isBusy: () => boolean): void;
  /** Whether the journal may hold results that this attempt cannot receive, and another attempt would be taken. */
  mayMissResults(): boolean;
}

const currentConnection = new AsyncLocalStorage<AttemptConnection>();

/** The attempts that Restate makes on this process. */
export interface Attempts {
  /** Counts the requests that `handler` gets as attempts, each of which `suspensionOfAttempt` can suspend. */
  track(handler: RequestHandler): RequestHandler;
  /**
   * Refuses further attempts, which Restate makes again later or elsewhere, and suspends those under way: each ends when
   * its effects have ended and are in the journal. Resolves when all have ended, or after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<void>;
  /** Takes attempts again. */
  reopen(): void;
}

export function createAttempts(): Attempts {
  const live = new Set<AttemptInput>();
  let isDraining = false;
  let whenIdle: (() => void) | undefined;

  function begin(request: Http2ServerRequest, response: Http2ServerResponse): AttemptConnection {
    const input = createAttemptInput(request[Symbol.asyncIterator]());
    request[Symbol.asyncIterator] = () => input.iterator;
    live.add(input);
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
      else currentConnection.run(begin(request, response), () => handler(request, response));
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
  };
}

/** The connection of the attempt that asks. */
export function currentAttemptConnection(): AttemptConnection {
  const connection = currentConnection.getStore();
  if (connection === undefined) throw new Error("Cannot find the connection of what is no attempt");
  return connection;
}

interface AttemptInput extends Disposable {
  readonly iterator: AsyncGenerator;
  keepOpenWhile(isBusy: () => boolean): void;
  mayMissResults(): boolean;
  end(): void;
}

type Chunk = IteratorResult<unknown>;

/** Passes on what comes until it is ended. What comes after that is read, and goes nowhere. */
function createAttemptInput(source: AsyncIterator<unknown>): AttemptInput {
  const over: Chunk = { done: true, value: undefined };
  let isOver = false;
  let mayMissResults = false;
  let isBusy: (() => boolean) | undefined;
  let giveUp: (() => void) | undefined;
  const idle = setTimeout(endWhenIdle, attemptIdleMs).unref();

  function endWhenIdle(): void {
    if (isBusy?.() === true) idle.refresh();
    else end();
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(idle);
    giveUp?.();
    drain(source, () => (mayMissResults = true));
  }

  function passOn(chunk: Chunk): Chunk {
    if (!isOver && chunk.done !== true) {
      idle.refresh();
      return chunk;
    }
    // What came too late is lost on this attempt, and so is all that comes after Restate has ended the input.
    if (!isOver || chunk.done !== true) mayMissResults = true;
    isOver = true;
    clearTimeout(idle);
    return over;
  }

  const next = async (): Promise<Chunk> => {
    if (isOver) return over;
    const { promise, resolve, reject } = Promise.withResolvers<Chunk>();
    giveUp = () => resolve(over);
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

/** An HTTP/2 stream whose data is not read does not close. */
function drain(source: AsyncIterator<unknown>, onChunk: () => void): void {
  const takeNext = async () => {
    while (!(await source.next()).done) onChunk();
  };
  takeNext().catch(() => {});
}
