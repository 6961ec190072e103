import {
  lowerPriorityAfterMs,
  longTurnMs,
  longTurnShare,
  longWorkflowForMs,
  maxLongWorkflows,
  slowestFuelNs,
} from "../../domain/limits.ts";

/**
 * Which workflows take long: those that had one turn a short while ago whose thread gave way, or several long ones that
 * together computed as much. What they have computed runs out again at a rate, a leaky bucket, so what takes
 * long but seldom is not among them.
 */
export interface LongWorkflows {
  /** @param computedMs by one turn */
  add(key: string, computedMs: number): void;
  has(key: string): boolean;
}

interface Account {
  readonly computedMs: number;
  /** Both by `performance.now()`. */
  readonly at: number;
  readonly longUntil: number;
}

export function createLongWorkflows(): LongWorkflows {
  /** In the order of their last long turn. */
  const accounts = new Map<string, Account>();
  return {
    add(key, computedMs) {
      if (computedMs < longTurnMs) return;
      const account = accounts.get(key);
      accounts.delete(key);
      accounts.set(key, after(account, computedMs));
      const [oldest] = accounts.keys();
      if (accounts.size > maxLongWorkflows && oldest !== undefined) accounts.delete(oldest);
    },
    has: (key) => performance.now() < (accounts.get(key)?.longUntil ?? 0),
  };
}

/**
 * What of a turn's processor time its workflow is answerable for. A turn also makes an instance, and runs cold code on a thread
 * that has just started: that costs ten milliseconds and more, and no fuel.
 *
 * @param fuel that the turn used
 */
export function workflowMs(computedMs: number, fuel: number): number {
  return Math.min(computedMs, (fuel * slowestFuelNs) / 1e6);
}

function after(account: Account | undefined, computedMs: number): Account {
  const now = performance.now();
  const { computedMs: before, at, longUntil } = account ?? { computedMs: 0, at: now, longUntil: 0 };
  const sum = Math.max(0, before - (now - at) * longTurnShare) + computedMs;
  const isLong = sum >= lowerPriorityAfterMs;
  return {
    computedMs: Math.min(sum, lowerPriorityAfterMs),
    at: now,
    longUntil: isLong ? now + longWorkflowForMs : longUntil,
  };
}
