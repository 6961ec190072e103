import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Guest, GuestContext, Settlement, Turn } from "../../host/guest.ts";
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
export class PooledGuest implements Guest {
  readonly #options: PooledGuestOptions;
  readonly #taken = createTurnHistory();
  #thread: WorkerThread;
  /** Its number on the thread. */
  #guest: number;
  #isBusy = false;
  #isDisposed = false;
  #idleSince: number | undefined;
  #fuelUsed = 0;
  #turns = 0;
  #failure: unknown;

  constructor(options: PooledGuestOptions) {
    this.#options = options;
    this.#thread = options.thread;
    this.#guest = options.thread.open(options.onComputed, options.engineDigest);
  }

  /**
   * When the wait for the next turn started, by `performance.now()`; `undefined` in a turn and before the
   * first one.
   */
  get idleSince(): number | undefined {
    return this.#idleSince;
  }

  get fuelUsed(): number {
    return this.#fuelUsed;
  }

  run(context: GuestContext, payload: Uint8Array): Promise<Turn> {
    const { engineDigest, owner, image, limits } = this.#options;
    return this.#enter({
      kind: "run",
      engineDigest,
      owner,
      image,
      limits,
      context: { ...context, seed: compact(context.seed) },
      payload: compact(payload),
    });
  }

  settle({ id, now, outcome, body }: Settlement): Promise<Turn> {
    const settlement = { id, now, outcome: compact(outcome), body: compact(body) };
    return this.#enter({ kind: "settle", settlement });
  }

  cancel(now: number): Promise<Turn> {
    return this.#enter({ kind: "cancel", now });
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (!this.#isBusy) this.#free();
  }

  async #enter(turn: GuestTurn): Promise<Turn> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isBusy || this.#isDisposed)
      throw new DuraniumError("internal", "Cannot enter a guest that is busy or disposed");
    this.#isBusy = true;
    this.#idleSince = undefined;
    try {
      return await this.#takeMeasured(turn);
    } catch (error) {
      this.#failure = error;
      if (error instanceof DuraniumError && crashes.has(error.code)) this.#options.onCrash(this.#turns);
      throw error;
    } finally {
      this.#isBusy = false;
      this.#idleSince = performance.now();
      if (this.#isDisposed) this.#free();
    }
  }

  async #takeMeasured(turn: GuestTurn): Promise<Turn> {
    const begun = performance.now();
    using _permit = turn.kind === "run" ? await this.#options.firstTurn() : undefined;
    const end = await this.#take(turn);
    this.#options.observer.turnEnded(performance.now() - begun);
    this.#fuelUsed = end.fuelUsed;
    if ("failed" in end) throw receiveError(end.failed);
    this.#taken.add(turn, end.fuelUsed);
    this.#turns += 1;
    return end.done;
  }

  /** Takes the turn on the guest's thread, or on the first one that does not preempt it. */
  async #take(turn: GuestTurn): Promise<TurnEnd> {
    const isMovable = this.#taken.isWhole && !this.#isDisposed;
    let end = isMovable && this.#isMisplaced() ? preempted : await this.#turn(turn, isMovable);
    while (end === preempted) {
      const other = this.#isDisposed ? undefined : this.#options.otherThread();
      if (other === undefined) end = await this.#turn(turn, false);
      else {
        this.#moveTo(other);
        end = await this.#replayThenTake(turn);
      }
    }
    return end;
  }

  #turn(turn: GuestTurn, isMovable: boolean): Promise<TurnEnd | typeof preempted> {
    return this.#thread.turn({ ...turn, guest: this.#guest }, isMovable);
  }

  #isMisplaced(): boolean {
    return this.#thread.hasEnded || (this.#thread.isLowPriority && !this.#options.isLong());
  }

  #moveTo(other: WorkerThread): void {
    this.#thread.close(this.#guest);
    this.#thread = other;
    this.#guest = other.open(this.#options.onComputed, this.#options.engineDigest);
  }

  /** Replays all turns so far, then takes this one. */
  async #replayThenTake(turn: GuestTurn): Promise<TurnEnd | typeof preempted> {
    const ends = await Promise.all([...this.#taken.turns, turn].map((each) => this.#turn(each, true)));
    const last = ends.pop() ?? preempted;
    if (last === preempted || ends.includes(preempted)) return preempted;
    const before = ends.at(-1);
    if (before !== undefined && before !== preempted) requireSame(before, this.#fuelUsed);
    return last;
  }

  #free(): void {
    this.#thread.close(this.#guest);
    this.#options.onFree();
  }
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
