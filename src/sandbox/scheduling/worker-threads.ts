import { availableParallelism } from "node:os";
import { DuraniumError } from "../../domain/errors.ts";
import { turnTimeoutMs as defaultTurnTimeoutMs } from "../../domain/limits.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { extraThreadTimeoutMs, maxExtraThreads, maxInstances as defaultMaxInstances } from "./limits.ts";
import { turnMarkersPath } from "./turn-markers.ts";
import { WorkerThread } from "./worker-thread.ts";

export interface PlacedGuest {
  readonly engine: LoadedEngine;
  /**
   * True if the workflow is known to take long: its guests are placed on a thread with a lowered priority.
   */
  readonly isLong: boolean;
}

export interface WorkerThreadsOptions {
  /**
   * Number of threads that run guests. Defaults to one less than the cores, which leaves a core to the main
   * thread.
   */
  readonly workers?: number;
  readonly maxInstances?: number;
  readonly turnTimeoutMs?: number;
  /**
   * The folder in which threads mark whose turn they run, for the process that starts after this one was
   * killed.
   */
  readonly turnMarkersDir?: string;
}

/** Returns how many threads should run guests concurrently. */
export function threadCount({ workers }: WorkerThreadsOptions): number {
  return workers ?? Math.max(1, availableParallelism() - 1);
}

/**
 * The worker threads of a pool.
 *
 * It keeps one thread for each guest turn that should run concurrently, one spare thread, and extra threads
 * while turns on others take long. It does not run turns (`worker-thread.ts`) and does not count instances
 * (`pool.ts`).
 *
 * Invariants:
 *
 * 1. A thread that ended is replaced at the next placement.
 * 2. A thread with a lowered priority serves guests that are known to take long, and others only if no other
 *    thread is left. At most as many idle ones are kept as there should be concurrent turns.
 * 3. Threads that were idle for `extraThreadTimeoutMs` and exceed the target are disposed.
 * 4. The spare thread is the last of the open ones: guests are placed on the first ones.
 */
export class WorkerThreads implements AsyncDisposable {
  readonly #options: WorkerThreadsOptions;
  /** How many threads should run guests concurrently. */
  readonly #count: number;
  #threads: WorkerThread[] = [];
  #started = 0;
  #isClosed = false;
  #lastEngine: LoadedEngine | undefined;

  constructor(options: WorkerThreadsOptions) {
    this.#options = options;
    this.#count = threadCount(options);
    this.#tend();
  }

  /**
   * Returns the thread for a new guest: the one with the fewest guests among those without a long turn, or
   * among all if every thread has a long turn.
   */
  place(guest: PlacedGuest): WorkerThread {
    const thread = this.placeElsewhere(guest) ?? leastBusy(this.#threads.filter(({ hasEnded }) => !hasEnded));
    if (thread === undefined) throw closed();
    thread.provide(guest.engine);
    return thread;
  }

  /** Returns another thread for a guest whose own is blocked; `undefined` if all are blocked. */
  placeElsewhere({ engine, isLong }: PlacedGuest): WorkerThread | undefined {
    this.#lastEngine = engine;
    this.#tend();
    const { open, slow } = this.#usable();
    const spare = open[this.#count];
    spare?.provide(engine);
    const thread =
      (isLong ? this.#placeOnSlow(slow, spare) : undefined) ?? leastBusy(open.slice(0, this.#count));
    thread?.provide(engine);
    return thread;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()));
  }

  /** Starts missing threads and disposes surplus ones. */
  #tend(): void {
    if (this.#isClosed) throw closed();
    const count = this.#count;
    this.#threads = this.#threads.filter((thread) => !thread.hasEnded);
    const { open, slow } = this.#usable();
    const [idle, busy] = [slow.filter(({ guestCount }) => guestCount === 0), open.slice(count + 1)];
    for (const surplus of idle.slice(count)) void surplus[Symbol.asyncDispose]();
    for (const surplus of [...busy, ...idle]) {
      if (surplus.idleMs > extraThreadTimeoutMs) void surplus[Symbol.asyncDispose]();
    }
    const room = count + 1 + maxExtraThreads - this.#threads.length;
    const missing = count + 1 - open.length;
    const added = Math.max(0, Math.min(room, missing));
    this.#threads.push(...Array.from({ length: added }, () => this.#start()));
  }

  #start(): WorkerThread {
    const { turnMarkersDir, turnTimeoutMs, maxInstances } = this.#options;
    this.#started += 1;
    const thread = new WorkerThread({
      name: `sandbox ${this.#started}`,
      turnTimeoutMs: turnTimeoutMs ?? defaultTurnTimeoutMs,
      maxInstances: Math.ceil((maxInstances ?? defaultMaxInstances) / this.#count),
      turnMarkers: turnMarkersDir === undefined ? undefined : turnMarkersPath(turnMarkersDir),
    });
    if (this.#lastEngine !== undefined) thread.provide(this.#lastEngine);
    return thread;
  }

  /** The threads that would run a turn of a new guest soon, by priority. */
  #usable() {
    const { false: open = [], true: slow = [] } = Object.groupBy(
      this.#threads.filter(({ isOpen }) => isOpen),
      ({ isLowPriority }) => (isLowPriority ? "true" : "false"),
    );
    return { open, slow };
  }

  /**
   * Lowers the priority of the spare thread if guests would otherwise share one, up to the number of threads
   * that should run concurrently.
   */
  #placeOnSlow(slow: readonly WorkerThread[], spare: WorkerThread | undefined): WorkerThread | undefined {
    const best = leastBusy(slow);
    const isEnough =
      best?.guestCount === 0 ||
      this.#threads.filter(({ isLowPriority }) => isLowPriority).length >= this.#count;
    if (isEnough || spare === undefined) return best;
    spare.lowerPriority();
    return spare;
  }
}

function leastBusy(threads: readonly WorkerThread[]): WorkerThread | undefined {
  return threads.toSorted((a, b) => a.guestCount - b.guestCount)[0];
}

export function closed(): DuraniumError {
  return new DuraniumError("worker-lost", "Cannot start an execution: the sandbox is closed");
}
