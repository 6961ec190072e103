import { availableParallelism } from "node:os";
import { DuraniumError } from "../../domain/errors.ts";
import { turnTimeoutMs as defaultTurnTimeoutMs } from "../../domain/limits.ts";
import { extraThreadTimeoutMs, maxExtraThreads, maxInstances as defaultMaxInstances } from "./limits.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { turnMarkersPath } from "./turn-markers.ts";
import { WorkerThread } from "./worker-thread.ts";

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
 *    thread is left. At most as many
 *    idle ones are kept as there should be concurrent turns.
 * 3. Threads that were idle for `extraThreadTimeoutMs` and exceed the target are disposed.
 */
export interface WorkerThreads extends AsyncDisposable {
  /**
   * Returns the thread for a new guest: the one with the fewest guests among those without a long turn, or
   * among all if every thread has a long turn.
   */
  place(guest: PlacedGuest): WorkerThread;
  /** Returns another thread for a guest whose own is blocked; `undefined` if all are blocked. */
  placeElsewhere(guest: PlacedGuest): WorkerThread | undefined;
}

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

export function startThreads(options: WorkerThreadsOptions): WorkerThreads {
  const count = threadCount(options);
  const { turnMarkersDir } = options;
  let started = 0;
  let isClosed = false;
  let lastEngine: LoadedEngine | undefined;
  // The spare thread is the last of the open ones: guests are placed on the first ones.
  let threads: WorkerThread[] = [];
  tend();

  function start(): WorkerThread {
    started += 1;
    const thread = new WorkerThread({
      name: `sandbox ${started}`,
      turnTimeoutMs: options.turnTimeoutMs ?? defaultTurnTimeoutMs,
      maxInstances: Math.ceil((options.maxInstances ?? defaultMaxInstances) / count),
      turnMarkers: turnMarkersDir === undefined ? undefined : turnMarkersPath(turnMarkersDir),
    });
    if (lastEngine !== undefined) thread.provide(lastEngine);
    return thread;
  }

  /** Starts missing threads and disposes surplus ones. */
  function tend(): void {
    if (isClosed) throw closed();
    threads = threads.filter((thread) => !thread.hasEnded);
    const { open, slow } = usable();
    const [idle, busy] = [slow.filter(({ guestCount }) => guestCount === 0), open.slice(count + 1)];
    for (const surplus of idle.slice(count)) void surplus[Symbol.asyncDispose]();
    for (const surplus of [...busy, ...idle]) {
      if (surplus.idleMs > extraThreadTimeoutMs) void surplus[Symbol.asyncDispose]();
    }
    const room = count + 1 + maxExtraThreads - threads.length;
    const missing = count + 1 - open.length;
    threads.push(...Array.from({ length: Math.max(0, Math.min(room, missing)) }, start));
  }

  /** The threads that would run a turn of a new guest soon, by priority. */
  function usable() {
    const { false: open = [], true: slow = [] } = Object.groupBy(
      threads.filter(({ isOpen }) => isOpen),
      ({ isLowPriority }) => (isLowPriority ? "true" : "false"),
    );
    return { open, slow };
  }

  function placeOnOpen({ engine, isLong }: PlacedGuest): WorkerThread | undefined {
    lastEngine = engine;
    tend();
    const { open, slow } = usable();
    open[count]?.provide(engine);
    const thread = (isLong ? placeOnSlow(slow, open[count]) : undefined) ?? leastBusy(open.slice(0, count));
    thread?.provide(engine);
    return thread;
  }

  /**
   * Lowers the priority of the spare thread if guests would otherwise share one, up to the number of threads
   * that should run concurrently.
   */
  function placeOnSlow(slow: readonly WorkerThread[], ready: WorkerThread | undefined) {
    const best = leastBusy(slow);
    const isEnough =
      best?.guestCount === 0 || threads.filter(({ isLowPriority }) => isLowPriority).length >= count;
    if (isEnough || ready === undefined) return best;
    ready.lowerPriority();
    return ready;
  }

  return {
    placeElsewhere: placeOnOpen,
    place(guest) {
      const thread = placeOnOpen(guest) ?? leastBusy(threads.filter(({ hasEnded }) => !hasEnded));
      if (thread === undefined) throw closed();
      thread.provide(guest.engine);
      return thread;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()));
    },
  };
}

function leastBusy(threads: readonly WorkerThread[]): WorkerThread | undefined {
  return threads.toSorted((a, b) => a.guestCount - b.guestCount)[0];
}

export function closed(): DuraniumError {
  return new DuraniumError("worker-lost", "Cannot start an execution: the sandbox is closed");
}
