import { readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { longTurnNiceness } from "../../domain/limits.ts";

/**
 * Threads that compute for long lower their priority. On Linux each thread has a niceness, set by its number
 * (setpriority(2)); on other systems nothing changes. A lowered priority is permanent, because raising it
 * needs privileges that the process should not have.
 */

/** The number of this thread in the operating system; 0 if unknown. */
export function systemThread(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/**
 * The processor time of a thread since its start, in milliseconds. Unlike wall-clock time it does not count
 * while a busy machine runs something else. Falls back to wall-clock time if the thread is unknown.
 */
export function computedMs(thread: number): number {
  try {
    // The first number is the time on a processor, in nanoseconds (proc(5)).
    return Number.parseInt(readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8"), 10) / 1e6;
  } catch {
    return performance.now();
  }
}

/** @param thread from `systemThread` */
export function lowerPriority(thread: number): void {
  if (thread === 0) return;
  try {
    setPriority(thread, longTurnNiceness);
  } catch {
    // The thread has exited, or the operator already gave it a lower priority.
  }
}
