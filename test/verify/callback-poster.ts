import { setTimeout as delay } from "node:timers/promises";

/** Posts to callbacks, each until it is accepted, and then once more: it must not be accepted twice. */
export interface CallbackPoster extends Disposable {
  /** The number of accepted callbacks. */
  readonly taken: number;
  /** Resolves when both have a response, or are no longer awaited. */
  post(callback: Callback): Promise<void>;
}

export interface Callback {
  readonly url: string;
  readonly run: number;
  readonly at: string;
}

/** While Duranium is down. */
const retryMs = 100;

/** @param onWrong is called with responses that a callback must never give */
export function createCallbackPoster(onWrong: (what: string) => void): CallbackPoster {
  const closing = new AbortController();
  const { signal } = closing;
  let taken = 0;

  async function postOnce({ url, run, at }: Callback): Promise<number> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ run, at }), signal });
    await response.arrayBuffer();
    return response.status;
  }

  async function postUntilAnswered(callback: Callback): Promise<number> {
    for (;;) {
      const status = await postOnce(callback).catch(() => undefined);
      signal.throwIfAborted();
      if (status !== undefined && status < 500) return status;
      await delay(retryMs, undefined, { signal });
    }
  }

  async function postTwice(callback: Callback): Promise<void> {
    await delay(pauseMsOf(callback), undefined, { signal });
    const first = await postUntilAnswered(callback);
    if (first === 202) taken += 1;
    const second = await postUntilAnswered(callback);
    // 409: it was used, or its execution has ended.
    if ((first !== 202 && first !== 409) || second !== 409)
      onWrong(`${callback.run}/${callback.at} has a callback that answered ${first}, then ${second}`);
  }

  return {
    get taken() {
      return taken;
    },
    post: async (callback) => await postTwice(callback).catch(() => {}),
    [Symbol.dispose]: () => closing.abort(),
  };
}

/** Between 0 and half a second, the same for the same operation. */
function pauseMsOf({ run, at }: Callback): number {
  return ((run + at.length) % 6) * 100;
}
