import { setTimeout as delay } from "node:timers/promises";
import { createByteRate } from "../../base/byte-rate.ts";
import { createFairSemaphore } from "../../base/fair-semaphore.ts";
import { bodyMemoryTimeoutMs, bodyMemoryTiers, maxBodyBytesPerSecond } from "../../domain/limits.ts";
import { FetchError } from "./fetch-error.ts";

/**
 * Bounds what the bodies of responses take together while they are read, unfolded and made into results. How large a body
 * becomes is known when it has been read, so one begins small and asks for more room as it grows, from a tier with fewer
 * places each time: many small ones are read at once, and few large ones.
 *
 * Of each workflow, large bodies are read at `maxBodyBytesPerSecond`: the main thread copies and encodes them, and everything else
 * waits for that.
 *
 * A body that waits for a place holds one of a lower tier only, and the highest has none above it, so some body can always go
 * on; each is over when its fetch is.
 */
export interface BodyMemory {
  /** @param workflowId whose share of the places it takes */
  open(workflowId: string, signal: AbortSignal): BodyRoom;
}

/** The room of one body, given back when it is disposed. */
export interface BodyRoom extends Disposable {
  /**
   * Waits until the body may have so many bytes.
   *
   * @throws {FetchError} `fetch-failed`, where there was no place in time; or the reason of the signal
   */
  require(bytes: number): Promise<void>;
}

/** A body that is as large as this needs a place. */
export const freeBodyBytes = bodyMemoryTiers[0].overBytes;

export function createBodyMemory(): BodyMemory {
  const tiers = bodyMemoryTiers.map(({ overBytes, bodies, bodiesPerWorkflow }) => ({
    overBytes,
    places: createFairSemaphore({ capacity: bodies, perKey: bodiesPerWorkflow }),
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
      `there was no memory for the body of the response within ${bodyMemoryTimeoutMs / 1_000} s, because too many large responses are being read (bodyMemoryTiers)`,
    );
  }
}
