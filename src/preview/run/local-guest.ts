import { DuraniumError } from "../../domain/errors.ts";
import type { Guest, Turn } from "../../host/guest.ts";
import type { Core } from "../../sandbox/instances/glue.ts";
import type { Instance } from "../../sandbox/instances/instance.ts";

/** How long turns follow each other before whoever else is on this thread has a turn: messages, timers. */
const yieldAfterMs = 20;

/**
 * A guest on this thread: a turn that computes for long keeps the thread for as long.
 *
 * @param onFree called once, when its instance may be used for another
 */
export function createLocalGuest(instance: Instance, onFree: () => void): Guest {
  // Whoever began it is told so before the first turn, which may be a long one.
  let lastYieldAt = -Infinity;
  let fuelAtEnd: number | undefined;

  async function enter(turn: (core: Core) => Turn): Promise<Turn> {
    if (performance.now() - lastYieldAt > yieldAfterMs) {
      await yieldToEventLoop();
      lastYieldAt = performance.now();
    }
    if (fuelAtEnd !== undefined) throw new DuraniumError("worker-lost", "The run was given up");
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

/** Timers are slowed down in pages that nobody looks at, and where they are set by timers; messages are not. */
async function yieldToEventLoop(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.addEventListener("message", resolve, { once: true });
    port1.start();
    port2.postMessage(null);
  });
  port1.close();
}
