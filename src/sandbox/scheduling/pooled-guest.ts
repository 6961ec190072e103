import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../domain/ids.ts";
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
  /** Another thread, with the engine on it, where that one is of no use; `undefined` where all are kept busy. */
  readonly otherThread: () => WorkerThread | undefined;
  readonly engineDigest: Digest;
  readonly owner: string;
  readonly image: Image;
  readonly limits: ExecutionLimits;
  /** Waits until the first turn may begin; the permit is disposed when it has ended. */
  readonly firstTurn: () => Promise<Disposable>;
  /** Called once, when the guest takes no more room. */
  readonly onFree: () => void;
  /** Whether its workflow is known for turns that take long: then a thread that gave way is the place for it. */
  readonly isLong: () => boolean;
  readonly onComputed: OnComputed;
  /** Called when a turn was ended by the clock, or ended its thread: `turn` is how many there were before it. */
  readonly onCrash: (turn: number) => void;
  readonly observer: { turnEnded(durationMs: number): void };
}

export interface PooledGuest extends Guest {
  /** Since when it waits for its next turn, by `performance.now()`; not while it is in one, nor before its first. */
  readonly idleSince: number | undefined;
}

/**
 * A guest on a worker thread. Disposed of in the middle of a turn, it stays until the turn has ended.
 *
 * Where its thread is kept busy by another guest, or was ended because of one, it goes to another thread: it takes its
 * turns again there, which leave it as it was, because a guest follows from what it was given. Nobody outside sees that.
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
      throw new DuraniumError("internal", "Cannot enter a guest that is busy or disposed of");
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

  /** All turns so far, and this one. */
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

/** Never seen, and then better replayed from the journal than gone on with. */
function requireSame(end: TurnEnd, fuelUsed: number): void {
  if ("done" in end && end.fuelUsed === fuelUsed) return;
  const cause =
    "failed" in end ? messageOf(receiveError(end.failed)) : `${end.fuelUsed} instead of ${fuelUsed} fuel`;
  throw new DuraniumError("worker-lost", "The execution did not come to the same on another thread", {
    cause,
  });
}
