import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/**
 * Suspends an attempt before Restate asks for it.
 *
 * Restate ends the input of an attempt that was inactive for a while, and the SDK then suspends it as soon as it
 * waits for what is not there yet. Ending the input on this side comes to the same: the service protocol lets an
 * attempt suspend whenever it waits. What Restate sends after that is in its journal, and so it is in the replay.
 */
/** Of a request of Restate's. */
export type RequestHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

const currentInput = new AsyncLocalStorage<AttemptInput>();

/** The attempts that Restate makes on this process. */
export interface Attempts {
  /** Counts the requests that `handler` gets as attempts, each of which `suspensionOfAttempt` can suspend. */
  counting(handler: RequestHandler): RequestHandler;
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

  function begin(request: Http2ServerRequest, response: Http2ServerResponse): AttemptInput {
    const input = createAttemptInput(request[Symbol.asyncIterator]());
    request[Symbol.asyncIterator] = () => input.iterator;
    live.add(input);
    response.once("close", () => {
      live.delete(input);
      if (live.size === 0) whenIdle?.();
    });
    return input;
  }

  return {
    counting: (handler) => (request, response) => {
      if (isDraining) response.writeHead(503).end();
      else currentInput.run(begin(request, response), () => handler(request, response));
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

/** What suspends the attempt that asks for it: at once where it waits, else when it next does. */
export function suspensionOfAttempt(): () => void {
  const input = currentInput.getStore();
  if (input === undefined) throw new Error("Cannot suspend what is no attempt");
  return () => input.end();
}

interface AttemptInput {
  readonly iterator: AsyncGenerator;
  end(): void;
}

type Chunk = IteratorResult<unknown>;

/** Passes on what comes until it is ended. What comes after that is read, and goes nowhere. */
function createAttemptInput(source: AsyncIterator<unknown>): AttemptInput {
  const over: Chunk = { done: true, value: undefined };
  let isOver = false;
  let giveUp: (() => void) | undefined;
  const next = async (): Promise<Chunk> => {
    if (isOver) return over;
    const { promise, resolve, reject } = Promise.withResolvers<Chunk>();
    giveUp = () => resolve(over);
    source.next().then(resolve, reject);
    return await promise;
  };
  return {
    iterator: { next } as AsyncGenerator,
    end() {
      if (isOver) return;
      isOver = true;
      giveUp?.();
      drain(source);
    },
  };
}

/** An HTTP/2 stream whose data nobody takes does not close. */
function drain(source: AsyncIterator<unknown>): void {
  const takeNext = async () => {
    while (!(await source.next()).done);
  };
  takeNext().catch(() => {});
}
