import type { JsonText } from "../../base/json.ts";
import { startDeadline } from "../../base/concurrency/deadline.ts";
import { hostQueue } from "../../domain/flow/queue-id.ts";
import { FetchError } from "../../host/network/fetch-error.ts";
import { maxQueueOutageMs } from "../../host/limits.ts";
import type { HostQueues } from "../../host/operations/host-pacing.ts";
import { realWaiting } from "../../host/retry-clock.ts";
import type { Waiting } from "../../host/retry-clock.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { Booking } from "../../flow/booking.ts";
import type { BookInput, HoldInput } from "../../journal/queue-inputs.ts";
import type { RestateClient, Target } from "../../restate/client/restate-client.ts";

/** How long a request to a queue may take before it is repeated, and the waits between two of them. */
const requestTimeoutMs = 10_000;
const firstWaitMs = 100;
const maxWaitMs = 5_000;

/**
 * The queues of hosts over Restate's ingress. A queue that cannot be reached is asked again for a bounded time: no request starts
 * without a token, which would exceed the rate.
 */
export function createHostQueues(
  restate: Pick<RestateClient, "call" | "send">,
  {
    onLostHold,
    outageMs = maxQueueOutageMs,
    waiting = realWaiting,
  }: {
    /** Called when a queue could not be asked to hold its requests back. */
    readonly onLostHold: (error: unknown) => void;
    readonly outageMs?: number;
    readonly waiting?: Waiting;
  },
): HostQueues {
  async function reach<T>(host: string, request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const began = waiting.elapsed();
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, maxWaitMs)) {
      try {
        return await inTime(request(), signal);
      } catch (cause) {
        signal.throwIfAborted();
        if (waiting.elapsed() - began + waitMs > outageMs) throw unreachable(host, outageMs, cause);
        await waiting.wait(waitMs, signal);
      }
    }
  }

  return {
    async book(host, by, signal) {
      const input: BookInput = { key: "", by };
      const booked = await reach(host, async () => await restate.call(targetOf(host, "book"), input), signal);
      return (booked as Booking | null) ?? undefined;
    },
    async hold(host, until, signal) {
      const input: HoldInput = { until };
      const text = JSON.stringify(input) as JsonText;
      try {
        await reach(host, async () => await restate.send(targetOf(host, "hold"), text), signal);
      } catch (error) {
        onLostHold(error);
      }
    },
  };
}

function targetOf(host: string, handler: string): Target {
  return { object: queueObjectName, key: hostQueue(host), handler };
}

/** Rejects if there is no answer in time. A token that is taken nevertheless is not used: the rate stays below its limit. */
async function inTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  using deadline = startDeadline(signal, requestTimeoutMs);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(deadline.signal.reason as Error);
  deadline.signal.addEventListener("abort", abort, { once: true });
  if (deadline.signal.aborted) abort();
  return await Promise.race([answer, aborted]);
}

function unreachable(host: string, outageMs: number, cause: unknown): FetchError {
  const message = `the queue of ${host}, which limits its requests, could not be reached for ${outageMs / 1_000} s`;
  return new FetchError("fetch-failed", message, { cause });
}
