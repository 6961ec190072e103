import { describe, expect, test } from "vitest";
import { FetchError } from "../network/fetch-error.ts";
import type { HttpRequest, HttpResponse } from "../network/http-client.ts";
import { fetchWithRetries } from "./fetch-retry.ts";
import type { RetriedRequest } from "./fetch-retry.ts";
import { createHostPacing } from "./host-pacing.ts";

const url = "https://api.example.com/orders";
const retry = {
  limit: 2,
  methods: ["GET"],
  statusCodes: [500],
  afterStatusCodes: [],
  delay: 0,
  jitter: false,
  retryOnTimeout: false,
};
const request: RetriedRequest = {
  url,
  method: "GET",
  headers: [],
  redirect: "follow",
  body: new Uint8Array(),
  retry,
};
const limits = { "api.example.com": { rate: { limit: 1, periodMs: 10_000, burst: 1 } } };
const { signal } = new AbortController();

/** A fetch on a clock of its own, whose server gives these responses, and the times at which they were requested. */
function paced(responses: readonly Partial<HttpResponse>[], { grantedMsAgo = 0, others = 0 } = {}) {
  const began = 1_000_000;
  let now = began;
  let nextToken = now + 10_000;
  let isUnreachable = false;
  const requestedAt: number[] = [];
  const holds: number[] = [];
  const server = {
    async fetch({ beforeRedirect }: HttpRequest) {
      requestedAt.push(now - began);
      const { redirected, ...response } = responses[requestedAt.length - 1] ?? {};
      if (redirected === true) await beforeRedirect?.(new URL(url));
      const ok = { status: 200, statusText: "", url, redirected: false, headers: [], body: new Uint8Array() };
      return { ...ok, ...response };
    },
  };
  const waiting = { elapsed: () => now, wait: async (durationMs: number) => void (now += durationMs) };
  const queues = {
    async book(_host: string, by: number) {
      if (isUnreachable) throw new FetchError("fetch-failed", "the queue could not be reached");
      if (nextToken > by) return undefined;
      if (others > 0) {
        others -= 1;
        return { retryAt: now };
      }
      nextToken += 10_000;
      return { at: nextToken - 10_000 };
    },
    hold: async (_host: string, until: number) => void holds.push(until - began),
  };
  const clock = () => now;
  const answer = { isGranted: true, at: now - grantedMsAgo };
  const { client, isDue } = createHostPacing(server, { limits, answer, clock, waiting, queues });
  const fetch = async () => await fetchWithRetries(client, request, { signal, clock, waiting, isDue });
  return {
    fetch,
    requestedAt,
    holds,
    postpone: (ms: number) => void (nextToken += ms),
    loseQueue: () => void (isUnreachable = true),
    now: () => now - began,
  };
}

const failing = { status: 500 };

describe("a fetch to a host with limits", () => {
  test("starts at once with its grant, and takes a token for each retry", async () => {
    const { fetch, requestedAt } = paced([failing, failing]);
    await fetch();
    expect(requestedAt).toEqual([0, 10_000, 20_000]);
  });

  test("takes another token if its grant is old, as after a crash", async () => {
    const { fetch, requestedAt } = paced([], { grantedMsAgo: 60_000 });
    await fetch();
    expect(requestedAt).toEqual([10_000]);
  });

  test("takes a token for a redirect", async () => {
    const { fetch, now } = paced([{ redirected: true }]);
    await fetch();
    expect(now()).toBe(10_000);
  });

  test("waits longer and longer while the tokens are left to others", async () => {
    const { fetch, now } = paced([{ redirected: true }], { others: 20 });
    await fetch();
    expect(now()).toBe(50 + 100 + 200 + 400 + 800 + 1_600 + 14 * 2_000);
  });

  test("keeps its last response if no retry is due in time", async () => {
    const { fetch, requestedAt, postpone } = paced([failing]);
    postpone(3_600_000);
    expect(await fetch()).toMatchObject({ response: failing });
    expect(requestedAt).toHaveLength(1);
  });

  test("fails in place of a request without a token if its queue cannot be reached", async () => {
    const retried = paced([failing]);
    retried.loseQueue();
    const error = { code: "fetch-failed", message: "the queue could not be reached" };
    expect(await retried.fetch()).toMatchObject({
      error,
      attempts: [{ status: 500 }, { error: error.message }],
    });
    expect(retried.requestedAt).toHaveLength(1);
    const redirected = paced([{ redirected: true }]);
    redirected.loseQueue();
    const attempt = { error: error.message };
    expect(await redirected.fetch()).toMatchObject({ error, attempts: [attempt, attempt] });
    const repeated = paced([], { grantedMsAgo: 60_000 });
    repeated.loseQueue();
    expect(await repeated.fetch()).toMatchObject({ error, attempts: [{ error: error.message }] });
    expect(repeated.requestedAt).toEqual([]);
  });

  test.each([
    [429, "5", [5_000]],
    [503, "5", [5_000]],
    [429, "31536000", [3_600_000]],
    [200, "5", []],
    [429, "soon", []],
  ])("with status %i and Retry-After %s holds others back: %j", async (status, after, expected) => {
    const { fetch, holds } = paced([{ status, headers: [["Retry-After", after]] }]);
    await fetch();
    expect(holds).toEqual(expected);
  });
});
