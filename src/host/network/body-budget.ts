import { setTimeout as delay } from "node:timers/promises";
import { createByteRate } from "../../base/concurrency/byte-rate.ts";
import { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { bodyMemoryTimeoutMs, bodyMemoryTiers, maxBodyBytesPerSecond } from "../limits.ts";
import { FetchError } from "./fetch-error.ts";

/**
 * Limits the memory of response bodies while they are read, decoded and converted to results. The size of a body is unknown
 * until it is read, so each starts small and requests more memory as it grows, from a tier with fewer permits each time. Many
 * small bodies are read concurrently, and few large ones.
 *
 * The large bodies of a workflow are read at `maxBodyBytesPerSecond`, because the main thread copies and encodes them and
 * blocks all other work meanwhile.
 *
 * A deadlock is impossible: a waiting body has a permit of a lower tier only, and the bodies of the highest tier never wait.
 * Each permit is released when its fetch ends.
 */
export interface BodyMemory {
  /** @param workflowId the workflow whose share of the permits the body uses */
  open(workflowId: string, signal: AbortSignal): BodyRoom;
}

/** The memory of one body. Disposing it releases the memory. */
export interface BodyRoom extends Disposable {
  /**
   * Waits until the body may have this number of bytes.
   *
   * @throws {FetchError} `fetch-failed` if no permit became free in time; or the reason of the signal
   */
  require(bytes: number): Promise<void>;
}

/** A body of this size needs a permit. */
export const freeBodyBytes = bodyMemoryTiers[0].overBytes;

export function createBodyMemory(): BodyMemory {
  const tiers = bodyMemoryTiers.map(({ overBytes, bodies, bodiesPerWorkflow }) => ({
    overBytes,
    places: new FairSemaphore({ capacity: bodies, perKey: bodiesPerWorkflow }),
  }));
  const rate = createByteRate({ bytesPerSecond: maxBodyBytesPerSecond, burstBytes: maxBodyBytesPerSecond });
  return {
    open(workflowId, signal) {
      let reached = 0;
      let counted = 0;
      let place: Disposable | undefined;
      let isOpen = true;
      return {
        async require(bytes) {
          for (
            let tier = tiers[reached];
            tier !== undefined && bytes > tier.overBytes;
            tier = tiers[reached]
          ) {
            reached += 1;
            const larger = await waitFor((impatient) => tier.places.take(workflowId, impatient), signal);
            place?.[Symbol.dispose]();
            place = larger;
            if (!isOpen) larger[Symbol.dispose]();
          }
          if (bytes <= freeBodyBytes) return;
          const delayMs = rate.delayOf(workflowId);
          rate.count(workflowId, bytes - counted);
          counted = bytes;
          if (delayMs > 0) await delay(delayMs, undefined, { signal });
        },
        [Symbol.dispose]() {
          isOpen = false;
          place?.[Symbol.dispose]();
        },
      };
    },
  };
}

async function waitFor<T>(take: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(bodyMemoryTimeoutMs);
  try {
    return await take(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (signal.aborted || !timeout.aborted) throw error;
    throw new FetchError(
      "fetch-failed",
      `no memory for the response body became available within ${bodyMemoryTimeoutMs / 1_000} s, because too many large responses are being read (bodyMemoryTiers)`,
    );
  }
}
