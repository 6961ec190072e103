import type { LoadService } from "../api/services.ts";
import { loadLookIntervalMs } from "../domain/limits.ts";
import type { Backlog } from "./backlog.ts";

/** From where on no more work is taken in. */
export interface LoadLimits {
  readonly maxWaitingExecutions: number;
  readonly maxStartDelayMs: number;
  readonly maxLoopDelayMs: number;
  /** 0 where it is not looked at. */
  readonly minFreeMemoryBytes: number;
}

/** How much there is to do. */
export interface Load {
  readonly backlog: Pick<Backlog, "waiting" | "longestWaitMs">;
  readonly machine: Pick<MachineLoad, "loopDelayMs" | "freeMemoryBytes">;
}

/** The longest that anybody is told to stay away: it may be over sooner. */
const maxRetryAfterSeconds = 30;

/** Whether more work can be taken in: as long as what was taken begins soon, and the process is well. */
export function createLoadService({ backlog, machine }: Load, limits: LoadLimits): LoadService {
  return {
    tooMuch() {
      const waitedSeconds = Math.ceil(backlog.longestWaitMs / 1_000);
      const retryAfterSeconds = Math.min(Math.max(1, waitedSeconds), maxRetryAfterSeconds);
      if (backlog.waiting >= limits.maxWaitingExecutions) {
        return { what: `${backlog.waiting} executions wait to begin`, retryAfterSeconds };
      }
      if (backlog.longestWaitMs > limits.maxStartDelayMs) {
        return { what: `executions begin only after ${waitedSeconds} s`, retryAfterSeconds };
      }
      if (machine.loopDelayMs > limits.maxLoopDelayMs) {
        return { what: "this process comes late to all that it has to do", retryAfterSeconds: 2 };
      }
      if (machine.freeMemoryBytes < limits.minFreeMemoryBytes) {
        return { what: "the memory of this machine is used up", retryAfterSeconds: 5 };
      }
      return undefined;
    },
  };
}

/** How the process is: looked at now and then, because looking costs more than a request that only wants to know. */
export interface MachineLoad extends Disposable {
  /** How late the main thread was, on average since it was last looked at. */
  readonly loopDelayMs: number;
  /** What the machine, or the container, has left. */
  readonly freeMemoryBytes: number;
}

const tickMs = 50;

export function watchMachine(intervalMs = loadLookIntervalMs): MachineLoad {
  let loopDelayMs = 0;
  let freeMemoryBytes = process.availableMemory();
  let lookedAt = performance.now();
  let tickedAt = lookedAt;
  let lateMs = 0;
  let ticks = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lateMs += Math.max(0, now - tickedAt - tickMs);
    ticks += 1;
    tickedAt = now;
    if (now - lookedAt < intervalMs) return;
    loopDelayMs = lateMs / ticks;
    freeMemoryBytes = process.availableMemory();
    [lookedAt, lateMs, ticks] = [now, 0, 0];
  }, tickMs).unref();
  return {
    get loopDelayMs() {
      return loopDelayMs;
    },
    get freeMemoryBytes() {
      return freeMemoryBytes;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
