import { DuraniumError } from "../domain/errors.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import type { Digest } from "../domain/ids.ts";
import type { Guest, Turn } from "../host/guest.ts";
import type { Image } from "./image.ts";
import { compact, receiveError } from "./messages.ts";
import type { TurnRequest, WorkerThread } from "./worker-thread.ts";

export interface PooledGuestOptions {
  readonly thread: WorkerThread;
  readonly engineDigest: Digest;
  readonly image: Image;
  readonly limits: ExecutionLimits;
  /** Called once, when the guest takes no more room. */
  readonly onFree: () => void;
}

export interface PooledGuest extends Guest {
  /** Since when it waits for its next turn, by `performance.now()`; not while it is in one, nor before its first. */
  readonly idleSince: number | undefined;
}

/** A guest on a worker thread. Disposed of in the middle of a turn, it stays until the turn has ended. */
export function createPooledGuest(options: PooledGuestOptions): PooledGuest {
  const { thread, engineDigest, image, limits, onFree } = options;
  const guest = thread.open();
  let isBusy = false;
  let isDisposed = false;
  let idleSince: number | undefined;
  let fuelUsed = 0;
  let failure: unknown;

  async function enter(request: TurnRequest): Promise<Turn> {
    if (failure !== undefined) throw failure;
    if (isBusy || isDisposed)
      throw new DuraniumError("internal", "Cannot enter a guest that is busy or disposed of");
    isBusy = true;
    idleSince = undefined;
    try {
      const end = await thread.turn(request);
      fuelUsed = end.fuelUsed;
      if ("failed" in end) throw receiveError(end.failed);
      return end.done;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      isBusy = false;
      idleSince = performance.now();
      if (isDisposed) free();
    }
  }

  function free(): void {
    thread.close(guest);
    onFree();
  }

  return {
    get idleSince() {
      return idleSince;
    },
    get fuelUsed() {
      return fuelUsed;
    },
    run: (context, payload) =>
      enter({
        kind: "run",
        guest,
        engineDigest,
        image,
        limits,
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
