import { readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { longTurnNiceness } from "../../domain/limits.ts";

/**
 * Threads that compute for long give way to those that do not. On Linux each thread has a niceness of its own, by
 * its number (setpriority(2)); elsewhere nothing is changed. A thread that gave way once does so for ever: to take
 * it back needs rights that nobody should give.
 */

/** The number of this thread, 0 where it is not known. */
export function systemThread(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/**
 * What a thread has computed since it began, in milliseconds: on a machine that is busy with other things, a turn is
 * not long because it was kept waiting. By the clock where that is not known.
 */
export function computedMs(thread: number): number {
  try {
    // The first of its numbers: nanoseconds on a processor (proc(5)).
    return Number.parseInt(readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8"), 10) / 1e6;
  } catch {
    return performance.now();
  }
}

/** @param thread as `systemThread` has it */
export function lowerPriority(thread: number): void {
  if (thread === 0) return;
  try {
    setPriority(thread, longTurnNiceness);
  } catch {
    // It has ended, or the operator gave it a lower priority already.
  }
}
