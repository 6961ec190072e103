import type { ExecutionId } from "../domain/ids.ts";
import { backlogPollIntervalMs, backlogPollAboveExecutions, backlogPollAfterMs } from "./limits.ts";

/**
 * The executions that this process passed to Restate and that have not started.
 *
 * Executions that start on this process report it. For those that start on another executor, this process asks Restate,
 * but only while some have waited for long or many are waiting. It asks for single invocations, because counting those that
 * are `ready` would read every stored invocation. Executions start approximately in order, so if one has started, all
 * before it are assumed to have started too.
 */
export interface Backlog extends Disposable {
  accepted(executionId: ExecutionId): void;
  started(executionId: ExecutionId): void;
  readonly waiting: number;
  /** How long the oldest of them has waited. */
  readonly longestWaitMs: number;
}

export interface BacklogOptions {
  /** True if it started on this process recently. */
  readonly hasStarted: (executionId: ExecutionId) => boolean;
  /** Reads the status from Restate. */
  readonly isWaiting: (executionId: ExecutionId) => Promise<boolean>;
  readonly pollAfterMs?: number;
  readonly pollIntervalMs?: number;
}

/** The number of executions that one check asks for, spread evenly over the waiting ones. */
const pollSampleSize = 5;

export function createBacklog(options: BacklogOptions): Backlog {
  const { pollAfterMs = backlogPollAfterMs, pollIntervalMs = backlogPollIntervalMs } = options;
  // In the order of acceptance, with the time of acceptance by `performance.now()`.
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
    // While Restate does not answer it starts nothing, so the backlog is unchanged.
    look()
      .catch(() => {})
      .finally(() => (isPolling = false));
  }, pollIntervalMs).unref();

  return {
    accepted(executionId) {
      // It may have started before Restate's response arrived.
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

/** At most `count` items, evenly spread, including the first and the last. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const places = Array.from({ length: count }, (_, n) => Math.round((n * (items.length - 1)) / (count - 1)));
  return places.flatMap((place) => items.slice(place, place + 1));
}
