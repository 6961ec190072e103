import { setTimeout as delay } from "node:timers/promises";
import { createByteRate } from "../../base/concurrency/byte-rate.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { largePayloadBytes, maxPayloadBytesPerSecond, maxPayloadWaitMs } from "./limits.ts";

/**
 * Limits the large payloads of each workflow to a number of bytes per second. Checking, journaling and parsing a large
 * payload takes so much CPU time that one caller could delay the executions of all other workflows.
 */
export interface PayloadThrottle {
  /**
   * Resolves when the payload may be sent: immediately if it is small, or if the workflow's recent large payloads are
   * within the rate.
   *
   * @param signal ends the wait. The bytes still count, so that repeated disconnects do not evade the rate
   * @throws {DuraniumError} `rate-limited` if the wait would be too long
   * @throws an `AbortError` as soon as the signal aborts
   */
  wait(workflowId: string, payloadBytes: number, signal?: AbortSignal): Promise<void>;
}

export interface PayloadThrottleOptions {
  readonly bytesPerSecond?: number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

export function createPayloadThrottle({
  bytesPerSecond = maxPayloadBytesPerSecond,
  ...options
}: PayloadThrottleOptions = {}): PayloadThrottle {
  const rate = createByteRate({ bytesPerSecond, burstBytes: 0, ...options });
  return {
    async wait(workflowId, payloadBytes, signal) {
      if (payloadBytes <= largePayloadBytes) return;
      const delayMs = rate.delayOf(workflowId);
      if (delayMs > maxPayloadWaitMs) throw tooMany(workflowId, delayMs - maxPayloadWaitMs);
      rate.count(workflowId, payloadBytes);
      if (delayMs > 0) await delay(delayMs, undefined, { signal });
    },
  };
}

function tooMany(workflowId: string, overdueMs: number): DuraniumError {
  const retryAfterSeconds = Math.ceil(overdueMs / 1_000);
  return new DuraniumError(
    "rate-limited",
    `Cannot execute workflow "${workflowId}": its payloads of more than ${largePayloadBytes} bytes arrive faster than ` +
      `${maxPayloadBytesPerSecond} bytes per second; try again in ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  );
}
