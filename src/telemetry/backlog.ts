import type { ExecutionId } from "../domain/ids.ts";
import { backlogPollIntervalMs, backlogPollAboveExecutions, backlogPollAfterMs } from "../domain/limits.ts";

/**
 * The executions that this process handed to Restate and that have not begun: what waits to run, and not what sleeps.
 *
 * Those that begin in this process say so. Of others, which begin at another executor, Restate is asked, but only
 * while there are some that wait for long, or many. It takes one at a time: counting what is `ready` reads every invocation that
 * is kept, for seconds where there are a million, and asking for one takes 3 ms. They begin more or less in their
 * order, so where one has begun all before it are taken to have.
 */
export interface Backlog extends Disposable {
  accepted(executionId: ExecutionId): void;
  started(executionId: ExecutionId): void;
  readonly waiting: number;
  /** How long the first of them has waited by now. */
  readonly longestWaitMs: number;
}

export interface BacklogOptions {
  /** Whether it began in this process, lately. */
  readonly hasStarted: (executionId: ExecutionId) => boolean;
  /** Asks Restate. */
  readonly isWaiting: (executionId: ExecutionId) => Promise<boolean>;
  readonly pollAfterMs?: number;
  readonly pollIntervalMs?: number;
}

/** How many executions are asked for at once, evenly spread over those that wait. */
const pollSampleSize = 5;

export function createBacklog(options: BacklogOptions): Backlog {
  const { pollAfterMs = backlogPollAfterMs, pollIntervalMs = backlogPollIntervalMs } = options;
  // In the order in which they were accepted; when that was, by `performance.now()`.
  const waiting = new Map<ExecutionId, number>();
  let isPolling = false;

  function longestWaitMs(): number {
    const [first] = waiting.values();
    return first === undefined ? 0 : performance.now() - first;
  }

  async function look(): Promise<void> {
    const ids = [...waiting.keys()];
    const looked = spread(ids, pollSampleSize);
    const answers = await Promise.all(looked.map(async (id) => await options.isWaiting(id)));
    const started = looked[answers.lastIndexOf(false)];
    if (started !== undefined) for (const id of ids.slice(0, ids.indexOf(started) + 1)) waiting.delete(id);
  }

  const timer = setInterval(() => {
    if (isPolling || (longestWaitMs() < pollAfterMs && waiting.size < backlogPollAboveExecutions)) return;
    isPolling = true;
    // Restate that does not answer begins nothing either: what waits goes on waiting.
    look()
      .catch(() => {})
      .finally(() => (isPolling = false));
  }, pollIntervalMs).unref();

  return {
    accepted(executionId) {
      // It may have begun before Restate's answer was read.
      if (!options.hasStarted(executionId)) waiting.set(executionId, performance.now());
    },
    started: (executionId) => void waiting.delete(executionId),
    get waiting() {
      return waiting.size;
    },
    get longestWaitMs() {
      return longestWaitMs();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** So many of them, the first and the last included. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const places = Array.from({ length: count }, (_, n) => Math.round((n * (items.length - 1)) / (count - 1)));
  return places.flatMap((place) => items.slice(place, place + 1));
}
