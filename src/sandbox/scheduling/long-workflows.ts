import {
  lowerPriorityAfterMs,
  longTurnMs,
  longTurnShare,
  longWorkflowForMs,
  maxLongWorkflows,
  slowestFuelNs,
} from "./limits.ts";

/**
 * Workflows whose turns take long: the ones with a recent turn that lowered its thread's priority, or with
 * several long turns that together computed as much. The computed time drains at a constant rate (a leaky
 * bucket), so a workflow with rare long turns is not among them.
 */
export interface LongWorkflows {
  /** @param computedMs processor time of one turn */
  add(key: string, computedMs: number): void;
  has(key: string): boolean;
}

interface Account {
  readonly computedMs: number;
  /** Both in the time of `performance.now()`. */
  readonly at: number;
  readonly longUntil: number;
}

export function createLongWorkflows(): LongWorkflows {
  /** In the order of each workflow's last long turn. */
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
 * The part of a turn's processor time that its workflow is responsible for. A turn also creates an instance
 * and runs cold code on a thread that has just started, which takes processor time but no fuel, so the turn's
 * fuel bounds the result.
 *
 * @param fuel used by the turn
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
