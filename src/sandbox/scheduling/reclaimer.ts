import type { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { instanceReclaimIntervalMs, instanceYieldAfterMs } from "./limits.ts";
import type { PooledGuest } from "./pooled-guest.ts";

/**
 * Reclaims instances for executions that wait for one, from executions that are idle between turns, longest
 * idle first. Without it, as many sleeping executions as there are instances would block all others until
 * Restate suspends them.
 *
 * First the idle attempt is asked to suspend. An attempt that was asked receives no more results from
 * Restate, but one with an effect in flight suspends only when that effect ends, which an unresponsive server
 * delays. So if the guest is still idle at the next check, its instance is taken: the attempt ends without
 * it, the effect's result is journaled, and the next attempt replays up to that point.
 */
export interface Reclaimer {
  /** `ask` is called at most once. */
  add(guest: PooledGuest, ask: () => void): void;
  remove(guest: PooledGuest): void;
  /** Starts the periodic check; called when an execution may have to wait for an instance. */
  look(): void;
}

export function createReclaimer(semaphore: Pick<FairSemaphore, "waiting">): Reclaimer {
  const holders = new Map<PooledGuest, () => void>();
  const asked = new Set<PooledGuest>();
  let timer: NodeJS.Timeout | undefined;

  /**
   * Asks one idle execution for each waiting one. An asked execution may take a while to suspend, so the next
   * check asks others.
   */
  function askTheIdle(): void {
    for (const guest of longestIdle(holders.keys()).slice(0, semaphore.waiting)) {
      const ask = holders.get(guest);
      holders.delete(guest);
      asked.add(guest);
      ask?.();
    }
  }

  /** Results that reached an attempt before it was asked have been delivered by the check after that. */
  function takeFromTheAsked(): void {
    for (const guest of longestIdle(asked).slice(0, semaphore.waiting)) guest[Symbol.dispose]();
  }

  function look(): void {
    if (semaphore.waiting === 0 || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      takeFromTheAsked();
      askTheIdle();
      look();
    }, instanceReclaimIntervalMs).unref();
  }

  return {
    add: (guest, ask) => void holders.set(guest, ask),
    remove(guest) {
      holders.delete(guest);
      asked.delete(guest);
    },
    look,
  };
}

function longestIdle(guests: Iterable<PooledGuest>): PooledGuest[] {
  const latest = performance.now() - instanceYieldAfterMs;
  return [...guests]
    .filter(({ idleSince }) => idleSince !== undefined && idleSince <= latest)
    .toSorted((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0));
}
