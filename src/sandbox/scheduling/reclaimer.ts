import type { FairSemaphore } from "../../base/fair-semaphore.ts";
import { instanceReclaimIntervalMs, instanceYieldAfterMs } from "../../domain/limits.ts";
import type { PooledGuest } from "./pooled-guest.ts";

/**
 * Asks executions that wait for an answer to give their instance to others that want one, the longest waiting
 * first. Without it, as many sleepers as there are instances would keep everybody out until Restate suspends them.
 *
 * An attempt that was asked hears no more from Restate, but one with an effect under way suspends only when that ends,
 * which a silent server delays by a minute. So the instance of one that is still idle at the next look is taken away:
 * the attempt goes on without it, the effect's result is journaled, and the next attempt replays up to there.
 */
export interface Reclaimer {
  /** `ask` is called once at most. */
  add(guest: PooledGuest, ask: () => void): void;
  remove(guest: PooledGuest): void;
  /** To be called when somebody came who may have to wait. */
  look(): void;
}

export function createReclaimer(semaphore: Pick<FairSemaphore, "waiting">): Reclaimer {
  const holders = new Map<PooledGuest, () => void>();
  const asked = new Set<PooledGuest>();
  let timer: NodeJS.Timeout | undefined;

  /** One for each who waits; an asked one may take a while, so the next look asks others. */
  function askTheIdle(): void {
    for (const guest of longestIdle(holders.keys()).slice(0, semaphore.waiting)) {
      const ask = holders.get(guest);
      holders.delete(guest);
      asked.add(guest);
      ask?.();
    }
  }

  /** What had reached an attempt before it was asked has been delivered by the look after that. */
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
