import { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { firstTurnMs, maxFirstTurnsPerThread } from "./limits.ts";

/**
 * Limits how many first turns run concurrently, fairly by workflow. Most of a first turn may be spent on creating an
 * instance, so a workflow that starts many executions at the same moment would otherwise occupy every thread. The permit
 * of a long turn is released early, because its thread preempts the turns behind it.
 */
export interface FirstTurns {
  /**
   * Waits until the first turn may start. The permit is disposed when the turn has ended.
   *
   * @throws the signal's reason
   */
  take(workflowId: string, signal: AbortSignal | undefined): Promise<Disposable>;
  /** Rejects all waiting and all later requests with `reason`. */
  close(reason: Error): void;
}

/** @param threads how many threads run guests concurrently */
export function createFirstTurns(threads: number): FirstTurns {
  const capacity = maxFirstTurnsPerThread * threads;
  const semaphore = new FairSemaphore({ capacity, perKey: capacity });
  return {
    async take(workflowId, signal) {
      const permit = await semaphore.take(workflowId, signal);
      const release = () => permit[Symbol.dispose]();
      const timer = setTimeout(release, firstTurnMs);
      return {
        [Symbol.dispose]() {
          clearTimeout(timer);
          release();
        },
      };
    },
    close: (reason) => semaphore.close(reason),
  };
}
