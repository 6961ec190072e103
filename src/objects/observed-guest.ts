import type { OperationCount } from "../host/driver/ended-attempt.ts";
import type { Guest, Turn } from "../host/guest.ts";
import type { Journal } from "../host/journal.ts";

/**
 * Marks the main thread's work for an execution: after each turn it reads the guest's host calls, and after each race
 * it turns a journal result into a settlement. If the process dies there, the crash guard counts the crash for the
 * execution whose marker is left. The driver processes a turn or a result in the same tick, so `markWork` needs no end.
 */
export function withTurnMarkers(guest: Guest, markWork: () => void): Guest {
  const marked = async (running: Promise<Turn>) => {
    const turn = await running;
    markWork();
    return turn;
  };
  return {
    get fuelUsed() {
      return guest.fuelUsed;
    },
    run: (context, payload) => marked(guest.run(context, payload)),
    settle: (settlement) => marked(guest.settle(settlement)),
    cancel: (now) => marked(guest.cancel(now)),
    [Symbol.dispose]: () => guest[Symbol.dispose](),
  };
}

/** The counterpart of `withTurnMarkers` for the results of a journal. */
export function withResultMarkers(journal: Journal, markWork: () => void): Journal {
  return {
    ...journal,
    async race(pending) {
      const result = await journal.race(pending);
      markWork();
      return result;
    },
  };
}

export function countOperation(
  operations: Map<string, OperationCount>,
  operation: string,
  ok: boolean,
): void {
  const count = operations.get(operation) ?? { succeeded: 0, failed: 0 };
  count[ok ? "succeeded" : "failed"] += 1;
  operations.set(operation, count);
}
