import { DuraniumError } from "../../domain/errors.ts";
import type { Guest, Turn } from "../../host/guest.ts";
import type { Core } from "../../sandbox/instances/glue.ts";
import type { Instance } from "../../sandbox/instances/instance.ts";

/** How long turns may follow each other before they yield to the event loop. */
const yieldAfterMs = 20;

/**
 * A guest on the current thread, which a long turn blocks.
 *
 * @param onFree called once, when the instance can be reused
 */
export function createLocalGuest(instance: Instance, onFree: () => void): Guest {
  // Yields first, so that the start is reported before the first turn, which may be long.
  let lastYieldAt = -Infinity;
  let fuelAtEnd: number | undefined;

  async function enter(turn: (core: Core) => Turn): Promise<Turn> {
    if (performance.now() - lastYieldAt > yieldAfterMs) {
      await yieldToEventLoop();
      lastYieldAt = performance.now();
    }
    if (fuelAtEnd !== undefined) throw new DuraniumError("worker-lost", "The run was aborted");
    return instance.enter(turn);
  }

  return {
    get fuelUsed() {
      return fuelAtEnd ?? instance.fuelUsed;
    },
    run: (context, payload) => enter((core) => core.run(context, payload)),
    settle: (settlement) => enter((core) => core.settle(settlement)),
    cancel: (now) => enter((core) => core.cancel(now)),
    [Symbol.dispose]() {
      if (fuelAtEnd !== undefined) return;
      fuelAtEnd = instance.fuelUsed;
      onFree();
    },
  };
}

/** Browsers throttle timers in background tabs and nested timers, but not messages. */
async function yieldToEventLoop(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.addEventListener("message", resolve, { once: true });
    port1.start();
    port2.postMessage(null);
  });
  port1.close();
}
