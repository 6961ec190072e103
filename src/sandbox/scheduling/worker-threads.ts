import { availableParallelism } from "node:os";
import { DuraniumError } from "../../domain/errors.ts";
import {
  extraThreadTimeoutMs,
  maxExtraThreads,
  maxInstances as defaultMaxInstances,
  turnTimeoutMs as defaultTurnTimeoutMs,
} from "../../domain/limits.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { turnMarkersPath } from "./turn-markers.ts";
import { WorkerThread } from "./worker-thread.ts";

/**
 * The worker threads of a pool: as many as there should be work at once, one more that is kept ready, and more while
 * turns on others take long. Threads that ended are replaced. Those that gave way to others stay, as many as should work at
 * once, for guests that will take long again.
 */
export interface WorkerThreads extends AsyncDisposable {
  /** For a new guest: the thread with the fewest, of those that have no long turn; where all have one, of all. */
  place(guest: PlacedGuest): WorkerThread;
  /** For a guest whose thread is kept busy: `undefined` where all are. */
  placeElsewhere(guest: PlacedGuest): WorkerThread | undefined;
}

export interface PlacedGuest {
  readonly engine: LoadedEngine;
  /** Whether its workflow is known to take long: it goes to a thread that gives way to others. */
  readonly isLong: boolean;
}

export interface WorkerThreadsOptions {
  /** Threads that run guests. One core is left to the thread that everything else runs on. */
  readonly workers?: number;
  readonly maxInstances?: number;
  readonly turnTimeoutMs?: number;
  /** Where threads note whose turn they are in, for whoever comes after a process that was killed. */
  readonly turnMarkersDir?: string;
}

/** How many threads should run guests at once. */
export function threadCount({ workers }: WorkerThreadsOptions): number {
  return workers ?? Math.max(1, availableParallelism() - 1);
}

export function startThreads(options: WorkerThreadsOptions): WorkerThreads {
  const count = threadCount(options);
  const { turnMarkersDir } = options;
  let started = 0;
  let isClosed = false;
  let lastEngine: LoadedEngine | undefined;
  // The ready one is the last: guests are placed on the first that are open.
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

  /** Starts what is missing, and ends what was needed for a time. */
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

  /** Those that serve a guest soon who comes now. */
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

  /** The one that is ready gives way where others would share one, as long as there are fewer than should work at once. */
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
  return new DuraniumError("worker-lost", "Cannot begin an execution: the sandbox is closed");
}
