import { maxSendsPerSecond } from "../../domain/limits.ts";

/**
 * Spreads the executions that workflows begin with `ctx.send`: those of one workflow which would be more than `perSecond`
 * in a second begin in a later one. Without it, one workflow fills Restate's queue, in which all executions wait in the order of
 * their arrival.
 *
 * What is decided here is journaled as the time of the send, and is not asked for again on a replay. So it may depend on what this
 * process remembers, which a restart forgets.
 */
export interface SendThrottle {
  /** In how many milliseconds an execution begins that was to begin in `delayMs`. */
  delayOf(workflowId: string, delayMs: number): number;
}

export interface SendThrottleOptions {
  readonly perSecond?: number;
  /** Milliseconds, from any moment on; never back. */
  readonly now?: () => number;
}

/** How many seconds are remembered of a workflow. Further away, executions may begin together. */
const maxSeconds = 10_000;

export function createSendThrottle({
  perSecond = maxSendsPerSecond,
  now = () => performance.now(),
}: SendThrottleOptions = {}): SendThrottle {
  /** By workflow: how many executions begin in a second. */
  const begins = new Map<string, Map<number, number>>();
  let forgottenAt = 0;

  function forgetPast(current: number): void {
    if (current === forgottenAt) return;
    forgottenAt = current;
    for (const [workflowId, counts] of begins) {
      for (const second of counts.keys()) if (second < current) counts.delete(second);
      if (counts.size === 0) begins.delete(workflowId);
    }
  }

  return {
    delayOf(workflowId, delayMs) {
      const asked = now();
      forgetPast(secondOf(asked));
      const counts = begins.get(workflowId) ?? new Map<number, number>();
      begins.set(workflowId, counts);
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
