import { limitedHost } from "../../domain/flow/host-limits.ts";
import type { HostLimits } from "../../domain/flow/host-limits.ts";
import type { HostSlotAnswer } from "../journal.ts";
import {
  maxBookingPauseMs,
  maxFetchRetryMs,
  maxHostHoldMs,
  maxTokenWaitMs,
  minBookingPauseMs,
  staleGrantMs,
} from "../limits.ts";
import type { HttpClient, HttpResponse } from "../network/http-client.ts";
import type { Waiting } from "../retry-clock.ts";
import { retryAfterMs } from "./fetch-retry.ts";

/**
 * The queues of hosts as an effect uses them, outside of the journal: the slot of a fetch is one request, and an effect may
 * send more of them, for retries and redirects, each of which takes a token.
 */
export interface HostQueues {
  /**
   * Takes a token of the host's rate. Returns when the request may start, or when to ask again because others come first, in
   * milliseconds since the Unix epoch; undefined if that is later than `by`.
   *
   * @throws {FetchError} if the queue cannot be reached; the reason of `signal`, once that is aborted
   */
  book(
    host: string,
    by: number,
    signal: AbortSignal,
  ): Promise<{ readonly at: number } | { readonly retryAt: number } | undefined>;
  /** Lets the queue grant nothing before a time, in milliseconds since the Unix epoch. Does not reject. */
  hold(host: string, until: number, signal: AbortSignal): Promise<void>;
}

export interface HostPacingOptions {
  readonly limits: HostLimits;
  readonly queues: HostQueues;
  readonly answer: HostSlotAnswer | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  readonly waiting: Waiting;
}

export interface HostPacing {
  /**
   * Waits until the next attempt may start. Returns false if a retry would be due too late. The first attempt uses the slot
   * that the fetch was granted, unless it starts so late that requests which were granted after it may start at the same time.
   */
  readonly isDue: (url: string, signal: AbortSignal) => Promise<boolean>;
  /** A client whose redirects wait for tokens, and which holds back all requests to a host that asks for it. */
  readonly client: Pick<HttpClient, "fetch">;
}

/** Keeps the requests of one fetch within the limits of their hosts. */
export function createHostPacing(
  http: Pick<HttpClient, "fetch">,
  { limits, queues, answer, clock, waiting }: HostPacingOptions,
): HostPacing {
  let isFirst = true;

  async function book(url: URL | null, waitMs: number, signal: AbortSignal): Promise<boolean> {
    const host = url === null ? undefined : limitedHost(url, limits);
    if (host === undefined) return true;
    const by = clock() + waitMs;
    for (let pauseMs = minBookingPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxBookingPauseMs)) {
      const booking = await queues.book(host, by, signal);
      if (booking === undefined) return false;
      const isBooked = "at" in booking;
      const untilMs = (isBooked ? booking.at : booking.retryAt) - clock();
      await waiting.wait(Math.max(isBooked ? 0 : pauseMs, untilMs), signal);
      if (isBooked) return true;
    }
  }

  async function noteHold({ status, url, headers }: HttpResponse, signal: AbortSignal): Promise<void> {
    if (status !== 429 && status !== 503) return;
    const now = clock();
    const host = limitedHost(new URL(url), limits);
    const askedMs = retryAfterMs(headers, now);
    if (host === undefined || askedMs === undefined) return;
    await queues.hold(host, now + Math.min(askedMs, maxHostHoldMs), signal);
  }

  return {
    async isDue(url, signal) {
      const hasGrant = isFirst && answer !== undefined && clock() - answer.at < staleGrantMs;
      const waitMs = isFirst ? maxTokenWaitMs : maxFetchRetryMs;
      isFirst = false;
      return hasGrant || (await book(URL.parse(url), waitMs, signal));
    },
    client: {
      async fetch(request, signal) {
        const beforeRedirect = async (url: URL) => void (await book(url, maxTokenWaitMs, signal));
        const response = await http.fetch({ ...request, beforeRedirect }, signal);
        await noteHold(response, signal);
        return response;
      },
    },
  };
}
