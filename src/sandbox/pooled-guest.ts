import { DuraniumError } from "../domain/errors.ts";
import type { Digest } from "../domain/ids.ts";
import type { Guest, Turn } from "../host/guest.ts";
import type { Image } from "./image.ts";
import { compact } from "./messages.ts";
import type { TurnRequest, WorkerThread } from "./worker-thread.ts";

export interface PooledGuestOptions {
  readonly thread: WorkerThread;
  readonly engineDigest: Digest;
  readonly image: Image;
  /** Called once, when the guest takes no more room. */
  readonly onFree: () => void;
}

/** A guest on a worker thread. Disposed of in the middle of a turn, it stays until the turn has ended. */
export function createPooledGuest({ thread, engineDigest, image, onFree }: PooledGuestOptions): Guest {
  const guest = thread.open();
  let isBusy = false;
  let isDisposed = false;
  let failure: unknown;

  async function enter(request: TurnRequest): Promise<Turn> {
    if (failure !== undefined) throw failure;
    if (isBusy || isDisposed)
      throw new DuraniumError("internal", "Cannot enter a guest that is busy or disposed of");
    isBusy = true;
    try {
      return await thread.turn(request);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      isBusy = false;
      if (isDisposed) free();
    }
  }

  function free(): void {
    thread.close(guest);
    onFree();
  }

  return {
    run: (context, payload) =>
      enter({
        kind: "run",
        guest,
        engineDigest,
        image,
        context: { ...context, seed: compact(context.seed) },
        payload: compact(payload),
      }),
    settle: ({ id, now, outcome, body }) =>
      enter({
        kind: "settle",
        guest,
        settlement: { id, now, outcome: compact(outcome), body: compact(body) },
      }),
    cancel: (now) => enter({ kind: "cancel", guest, now }),
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (!isBusy) free();
    },
  };
}
