import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../base/digest.ts";
import type { Guest, Turn } from "../../host/guest.ts";
import type { Image } from "../instances/engine-state.ts";
import { compact, receiveError } from "../threads/thread-messages.ts";
import type { TurnEnd } from "./messages.ts";
import { createTurnHistory } from "./turn-history.ts";
import type { GuestTurn } from "./turn-history.ts";
import { preempted } from "./worker-thread.ts";
import type { OnComputed, WorkerThread } from "./worker-thread.ts";

export interface PooledGuestOptions {
  readonly thread: WorkerThread;
  /**
   * Returns another thread with the engine on it, if the current one ended or is blocked; `undefined` if all
   * are blocked.
   */
  readonly otherThread: () => WorkerThread | undefined;
  readonly engineDigest: Digest;
  readonly owner: string;
  readonly image: Image;
  readonly limits: ExecutionLimits;
  /** Waits until the first turn may start. The permit is disposed when the turn has ended. */
  readonly firstTurn: () => Promise<Disposable>;
  /** Called once, when the guest no longer occupies an instance. */
  readonly onFree: () => void;
  /**
   * True if the workflow is known for long turns: then a thread with a lowered priority is the place for its
   * guest.
   */
  readonly isLong: () => boolean;
  readonly onComputed: OnComputed;
  /** Called when a turn timed out or crashed its thread; `turn` is the number of turns before it. */
  readonly onCrash: (turn: number) => void;
  readonly observer: { turnEnded(durationMs: number): void };
}

export interface PooledGuest extends Guest {
  /**
   * When the wait for the next turn started, by `performance.now()`; `undefined` in a turn and before the
   * first one.
   */
  readonly idleSince: number | undefined;
}

/**
 * A guest on a worker thread of the pool.
 *
 * It owns one guest number on one thread, the history of its turns, and the total of its fuel. It does not
 * own the thread, and it does not decide which thread is the next (`options.otherThread`).
 *
 * Invariants:
 *
 * 1. At most one turn runs at a time, and no turn starts after the guest was disposed.
 * 2. A turn that failed fails every later one with the same error.
 * 3. If its thread ended or is blocked by another guest, it moves: it replays its history on another thread
 *    and then takes the turn. A guest is deterministic, so the result and the fuel are the same; if they are
 *    not, the turn fails with `worker-lost` and Restate replays the journal.
 * 4. A guest that was disposed in a turn occupies its instance until the turn has ended. `onFree` is called
 *    exactly once.
 * 5. `onCrash` is called only for the guest whose own turn timed out or crashed the thread.
 */
export function createPooledGuest(options: PooledGuestOptions): PooledGuest {
  const { otherThread, engineDigest, owner, image, limits, firstTurn, onFree } = options;
  const { isLong, onComputed, onCrash, observer } = options;
  const taken = createTurnHistory();
  let { thread } = options;
  let guest = thread.open(onComputed);
  let isBusy = false;
  let isDisposed = false;
  let idleSince: number | undefined;
  let fuelUsed = 0;
  let turns = 0;
  let failure: unknown;

  async function enter(turn: GuestTurn): Promise<Turn> {
    if (failure !== undefined) throw failure;
    if (isBusy || isDisposed)
      throw new DuraniumError("internal", "Cannot enter a guest that is busy or disposed");
    isBusy = true;
    idleSince = undefined;
    try {
      const begun = performance.now();
      using _permit = turn.kind === "run" ? await firstTurn() : undefined;
      const end = await takeTurn(turn);
      observer.turnEnded(performance.now() - begun);
      fuelUsed = end.fuelUsed;
      if ("failed" in end) throw receiveError(end.failed);
      taken.add(turn, fuelUsed);
      turns += 1;
      return end.done;
    } catch (error) {
      failure = error;
      if (error instanceof DuraniumError && crashes.has(error.code)) onCrash(turns);
      throw error;
    } finally {
      isBusy = false;
      idleSince = performance.now();
      if (isDisposed) free();
    }
  }

  async function takeTurn(turn: GuestTurn): Promise<TurnEnd> {
    const isMovable = taken.isWhole && !isDisposed;
    const isMisplaced = thread.hasEnded || (thread.isLowPriority && !isLong());
    let end = isMovable && isMisplaced ? preempted : await thread.turn({ ...turn, guest }, isMovable);
    while (end === preempted) {
      const other = isDisposed ? undefined : otherThread();
      if (other === undefined) end = await thread.turn({ ...turn, guest });
      else {
        moveTo(other);
        end = await replayTurns(turn);
      }
    }
    return end;
  }

  function moveTo(other: WorkerThread): void {
    thread.close(guest);
    thread = other;
    guest = other.open(onComputed);
  }

  /** Replays all turns so far, then takes this one. */
  async function replayTurns(turn: GuestTurn): Promise<TurnEnd | typeof preempted> {
    const ends = await Promise.all(
      [...taken.turns, turn].map((each) => thread.turn({ ...each, guest }, true)),
    );
    const last = ends.pop() ?? preempted;
    if (last === preempted || ends.includes(preempted)) return preempted;
    const before = ends.at(-1);
    if (before !== undefined && before !== preempted) requireSame(before, fuelUsed);
    return last;
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
        engineDigest,
        owner,
        image,
        limits,
        context: { ...context, seed: compact(context.seed) },
        payload: compact(payload),
      }),
    settle: ({ id, now, outcome, body }) =>
      enter({ kind: "settle", settlement: { id, now, outcome: compact(outcome), body: compact(body) } }),
    cancel: (now) => enter({ kind: "cancel", now }),
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (!isBusy) free();
    },
  };
}

const crashes: ReadonlySet<ErrorCode> = new Set(["turn-timeout", "executor-crashed"]);

/**
 * A difference would be a bug of the engine. The journal can replay the execution, a diverged guest cannot.
 */
function requireSame(end: TurnEnd, fuelUsed: number): void {
  if ("done" in end && end.fuelUsed === fuelUsed) return;
  const cause =
    "failed" in end ? messageOf(receiveError(end.failed)) : `${end.fuelUsed} instead of ${fuelUsed} fuel`;
  throw new DuraniumError("worker-lost", "Execution diverged when replayed on another thread", {
    cause,
  });
}
