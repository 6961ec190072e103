import { instanceReclaimIntervalMs, instanceYieldAfterMs } from "../domain/limits.ts";
import type { Slots } from "../host/slots.ts";
import type { PooledGuest } from "./pooled-guest.ts";

/**
 * Asks executions that wait for an answer to give their instance to others that want one, the longest waiting
 * first. Without it, as many sleepers as there are instances would keep everybody out until Restate suspends them.
 */
export interface Reclaimer {
  /** `ask` is called once at most. */
  add(guest: PooledGuest, ask: () => void): void;
  remove(guest: PooledGuest): void;
  /** To be called when somebody came who may have to wait. */
  look(): void;
}

export function createReclaimer(slots: Pick<Slots, "waiting">): Reclaimer {
  const holders = new Map<PooledGuest, () => void>();
  let timer: NodeJS.Timeout | undefined;

  /** One for each who waits; an asked one may take a while, so the next look asks others. */
  function askTheIdle(): void {
    const latest = performance.now() - instanceYieldAfterMs;
    const idle = [...holders]
      .filter(([{ idleSince }]) => idleSince !== undefined && idleSince <= latest)
      .toSorted(([a], [b]) => (a.idleSince ?? 0) - (b.idleSince ?? 0));
    for (const [guest, ask] of idle.slice(0, slots.waiting)) {
      holders.delete(guest);
      ask();
    }
  }

  function look(): void {
    if (slots.waiting === 0 || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      askTheIdle();
      look();
    }, instanceReclaimIntervalMs).unref();
  }

  return {
    add: (guest, ask) => void holders.set(guest, ask),
    remove: (guest) => void holders.delete(guest),
    look,
  };
}
