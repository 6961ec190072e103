import { maxSendsPerSecond } from "./limits.ts";

/**
 * Throttles the executions that workflows start with `ctx.send`: at most `perSecond` executions of one workflow start in
 * the same second, and the others start in a later one. Without a throttle, one workflow could fill Restate's queue, which
 * serves all executions in order of arrival.
 *
 * The delay is journaled with the send and is not computed again on a replay. So it may depend on counts that exist in
 * this process only, and that a restart resets.
 */
export interface SendThrottle {
  /** Returns the delay after which an execution starts that was requested to start after `delayMs`. */
  delayOf(workflowId: string, delayMs: number): number;
}

export interface SendThrottleOptions {
  readonly perSecond?: number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** The maximum number of seconds that are counted for a workflow. Executions in further seconds are not limited. */
const maxSeconds = 10_000;

export function createSendThrottle({
  perSecond = maxSendsPerSecond,
  now = () => performance.now(),
}: SendThrottleOptions = {}): SendThrottle {
  /** The number of executions that start in each second, by workflow. */
  const starts = new Map<string, Map<number, number>>();
  let evictedAt = 0;

  function evictPast(current: number): void {
    if (current === evictedAt) return;
    evictedAt = current;
    for (const [workflowId, counts] of starts) {
      for (const second of counts.keys()) if (second < current) counts.delete(second);
      if (counts.size === 0) starts.delete(workflowId);
    }
  }

  return {
    delayOf(workflowId, delayMs) {
      const asked = now();
      evictPast(secondOf(asked));
      const counts = starts.get(workflowId) ?? new Map<number, number>();
      starts.set(workflowId, counts);
      const wanted = secondOf(asked + delayMs);
      let second = wanted;
      while ((counts.get(second) ?? 0) >= perSecond) second += 1;
      const before = counts.get(second) ?? 0;
      if (before > 0 || counts.size < maxSeconds) counts.set(second, before + 1);
      if (second === wanted) return delayMs;
      return Math.ceil((second + before / perSecond) * 1_000 - asked);
    },
  };
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
