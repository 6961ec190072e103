import { statfsSync } from "node:fs";
import type { LoadService } from "../api/contract/services.ts";
import { loadSampleIntervalMs } from "../domain/limits.ts";
import type { Backlog } from "./backlog.ts";

/** From where on no more work is taken in. */
export interface LoadLimits {
  readonly maxWaitingExecutions: number;
  readonly maxStartDelayMs: number;
  readonly maxEventLoopDelayMs: number;
  /** 0 where it is not looked at. */
  readonly minFreeMemoryBytes: number;
  /** 0 where it is not looked at. */
  readonly minFreeDiskBytes: number;
}

/** How much there is to do. */
export interface Load {
  readonly backlog: Pick<Backlog, "waiting" | "longestWaitMs">;
  readonly machine: Pick<ProcessLoad, "eventLoopDelayMs" | "freeMemoryBytes" | "freeDiskBytes">;
  /** Whether the process is about to stop. */
  readonly stopping: { readonly signal: AbortSignal };
}

/** The longest that anybody is told to stay away: it may be over sooner. */
const maxRetryAfterSeconds = 30;

/** Whether more work can be taken in: as long as what was taken begins soon, and the process is well. */
export function createLoadService({ backlog, machine, stopping }: Load, limits: LoadLimits): LoadService {
  return {
    overloadReason() {
      if (stopping.signal.aborted) return { what: "this server is stopping", retryAfterSeconds: 5 };
      const waitedSeconds = Math.ceil(backlog.longestWaitMs / 1_000);
      const retryAfterSeconds = Math.min(Math.max(1, waitedSeconds), maxRetryAfterSeconds);
      if (backlog.waiting >= limits.maxWaitingExecutions) {
        return { what: `${backlog.waiting} executions wait to begin`, retryAfterSeconds };
      }
      if (backlog.longestWaitMs > limits.maxStartDelayMs) {
        return { what: `executions begin only after ${waitedSeconds} s`, retryAfterSeconds };
      }
      if (machine.eventLoopDelayMs > limits.maxEventLoopDelayMs) {
        return { what: "this process comes late to all that it has to do", retryAfterSeconds: 2 };
      }
      if (machine.freeMemoryBytes < limits.minFreeMemoryBytes) {
        return { what: "the memory of this machine is used up", retryAfterSeconds: 5 };
      }
      if (machine.freeDiskBytes < limits.minFreeDiskBytes) {
        return { what: "the disk of the data directory is full", retryAfterSeconds: 30 };
      }
      return undefined;
    },
  };
}

/** How the process is: looked at now and then, because looking costs more than a request that only wants to know. */
export interface ProcessLoad extends Disposable {
  /** How late the main thread was, on average since it was last looked at. */
  readonly eventLoopDelayMs: number;
  /** What the machine, or the container, has left. */
  readonly freeMemoryBytes: number;
  /** What unprivileged processes may still write to the file system of the data directory. */
  readonly freeDiskBytes: number;
}

const tickMs = 50;

export function monitorProcessLoad(dataDir: string, intervalMs = loadSampleIntervalMs): ProcessLoad {
  let eventLoopDelayMs = 0;
  let freeMemoryBytes = process.availableMemory();
  let freeDiskBytes = freeBytesOf(dataDir);
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
    eventLoopDelayMs = lateMs / ticks;
    freeMemoryBytes = process.availableMemory();
    freeDiskBytes = freeBytesOf(dataDir);
    [lookedAt, lateMs, ticks] = [now, 0, 0];
  }, tickMs).unref();
  return {
    get eventLoopDelayMs() {
      return eventLoopDelayMs;
    },
    get freeMemoryBytes() {
      return freeMemoryBytes;
    },
    get freeDiskBytes() {
      return freeDiskBytes;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Infinite where the system does not tell: a missing figure is no reason to refuse work. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
