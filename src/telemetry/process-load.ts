import { statfsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { LoadService } from "../api/contract/services.ts";
import type { Backlog } from "./backlog.ts";
import { loadSampleIntervalMs } from "./limits.ts";

/** Thresholds beyond which requests that create work are rejected. */
export interface LoadLimits {
  readonly maxWaitingExecutions: number;
  readonly maxStartDelayMs: number;
  readonly maxEventLoopDelayMs: number;
  /** 0 disables the check. */
  readonly minFreeMemoryBytes: number;
  /** 0 disables the check. */
  readonly minFreeDiskBytes: number;
}

/** What the overload check looks at. */
export interface Load {
  readonly backlog: Pick<Backlog, "waiting" | "longestWaitMs">;
  readonly machine: Pick<ProcessLoad, "eventLoopDelayMs" | "freeMemoryBytes" | "freeDiskBytes">;
  /** Aborts when the process starts to shut down. */
  readonly stopping: { readonly signal: AbortSignal };
}

/** Upper bound of `Retry-After`: the overload may end sooner than the backlog suggests. */
const maxRetryAfterSeconds = 30;

/** Accepts work while accepted executions start soon and the process has resources. */
export function createLoadService({ backlog, machine, stopping }: Load, limits: LoadLimits): LoadService {
  return {
    overloadReason() {
      if (stopping.signal.aborted) return { what: "server is shutting down", retryAfterSeconds: 5 };
      const waitedSeconds = Math.ceil(backlog.longestWaitMs / 1_000);
      const retryAfterSeconds = Math.min(Math.max(1, waitedSeconds), maxRetryAfterSeconds);
      if (backlog.waiting >= limits.maxWaitingExecutions) {
        return { what: `${backlog.waiting} executions are queued`, retryAfterSeconds };
      }
      if (backlog.longestWaitMs > limits.maxStartDelayMs) {
        return { what: `start delay is ${waitedSeconds} s`, retryAfterSeconds };
      }
      if (machine.eventLoopDelayMs > limits.maxEventLoopDelayMs) {
        const delayMs = Math.round(machine.eventLoopDelayMs);
        return { what: `event loop is lagging by ${delayMs} ms`, retryAfterSeconds: 2 };
      }
      if (machine.freeMemoryBytes < limits.minFreeMemoryBytes) {
        return { what: "memory is exhausted", retryAfterSeconds: 5 };
      }
      if (machine.freeDiskBytes < limits.minFreeDiskBytes) {
        return { what: "data directory disk is full", retryAfterSeconds: 30 };
      }
      return undefined;
    },
  };
}

/** The state of the process and its machine, sampled periodically because sampling costs more than a request should. */
export interface ProcessLoad extends Disposable {
  /** Average delay of the event loop over the last interval. */
  readonly eventLoopDelayMs: number;
  /** Memory available to the process on this machine or in its container. */
  readonly freeMemoryBytes: number;
  /** Space for unprivileged processes in the file system of the data directory. */
  readonly freeDiskBytes: number;
}

/** Every sample of the histogram includes this period, which is therefore subtracted. */
const delayResolutionMs = 20;

export function monitorProcessLoad(dataDir: string, intervalMs = loadSampleIntervalMs): ProcessLoad {
  let eventLoopDelayMs = 0;
  let freeMemoryBytes = process.availableMemory();
  let freeDiskBytes = freeBytesOf(dataDir);
  const delays = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delays.enable();
  const takeAverageDelayMs = averageSinceLastCall(delays);
  const timer = setInterval(() => {
    eventLoopDelayMs = takeAverageDelayMs();
    freeMemoryBytes = process.availableMemory();
    freeDiskBytes = freeBytesOf(dataDir);
  }, intervalMs).unref();
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
    [Symbol.dispose]() {
      clearInterval(timer);
      delays.disable();
    },
  };
}

/**
 * The average delay since the last call, as a difference of sums: `reset()` would drop the next sample, which is the only
 * one of a loop that is blocked for longer than the interval.
 */
function averageSinceLastCall(delays: { readonly count: number; readonly mean: number }): () => number {
  let last = { count: 0, sumMs: 0 };
  return () => {
    const { count, mean } = delays;
    const now = { count, sumMs: count === 0 ? 0 : (count * mean) / 1e6 };
    const samples = now.count - last.count;
    const sumMs = now.sumMs - last.sumMs;
    last = now;
    return samples === 0 ? 0 : Math.max(0, sumMs / samples - delayResolutionMs);
  };
}

/** Infinity if the system does not report it, because a missing figure is no reason to refuse work. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
