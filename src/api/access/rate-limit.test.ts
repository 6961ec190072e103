import { describe, expect, test } from "vitest";
import { rateLimitWindowSeconds } from "../contract/limits.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";
import type { RateLimitOptions, SharedRequests } from "./rate-limit.ts";

/** An API whose requests come from the given addresses, in order. */
function testApiOf(addresses: readonly string[], rateLimits: RateLimitOptions): TestApi {
  let next = 0;
  return testApi({ rateLimits, clientAddress: () => addresses[next++ % addresses.length] ?? "" });
}

describe("requests with one key", () => {
  test("are rejected above the limit, and other keys are not affected", async () => {
    const api = testApiOf(["203.0.113.7"], { perKey: 3, perAddress: 10 });
    const created = await api.ask("POST", "/api-keys", { json: { name: "other" } });
    const { key } = (await created.json()) as { key: string };
    const second = await api.ask("GET", "/workflows");
    expect(second.headers.get("ratelimit-policy")).toBe(`"key";q=3;w=${rateLimitWindowSeconds}`);
    expect(second.headers.get("ratelimit")).toMatch(/^"key";r=1;t=\d+$/);
    expect((await api.ask("GET", "/workflows")).status).toBe(200);
    const refused = await api.ask("GET", "/workflows");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit")).toMatch(/^"key";r=0;t=\d+$/);
    expect(await readProblem(refused)).toMatchObject({
      code: "rate-limited",
      detail: expect.stringContaining("more than 3 requests with this API key"),
    });
    const headers = { authorization: `Bearer ${key}` };
    expect((await api.ask("GET", "/workflows", { headers })).status).toBe(200);
  });
});

test.each([
  ["GET", "/workflows", 200],
  ["GET", "/workflows/none", 404],
  ["GET", "/nothing", 404],
  ["GET", "/workflows?limit=x", 400],
  ["DELETE", "/workflows", 405],
  ["POST", "/webhooks/none", 404],
])("%s %s with status %i has the remaining requests in RateLimit", async (method, path, status) => {
  const response = await testApi().ask(method, path);
  expect(response.status).toBe(status);
  expect(response.headers.get("ratelimit")).toMatch(/^"(key|address)";r=\d+;t=\d+$/);
});

describe("requests without a key", () => {
  const wrongKey = { headers: { authorization: "Bearer dur_guess" } };

  test("count in all processes, so that guesses are not multiplied by their number", async () => {
    const listeners: ((who: string, count: number) => void)[] = [];
    const shared = (own: number): SharedRequests => ({
      add: (who) => listeners.forEach((listener, index) => index === own || listener(who, 1)),
      subscribe: (listener) => void listeners.push(listener),
    });
    const [first, second] = [0, 1].map((index) =>
      testApiOf(["203.0.113.7"], { perKey: 10, perAddress: 2, addressRequests: shared(index) }),
    );
    expect((await first?.ask("GET", "/workflows", wrongKey))?.status).toBe(401);
    expect((await second?.ask("GET", "/workflows", wrongKey))?.status).toBe(401);
    expect((await first?.ask("GET", "/workflows", wrongKey))?.status).toBe(429);
    expect((await second?.ask("GET", "/workflows", wrongKey))?.status).toBe(429);
  });

  test("are rejected above the limit per IP address, and valid keys from that address are not", async () => {
    const api = testApiOf(["203.0.113.7"], { perKey: 10, perAddress: 2 });
    for (let guess = 0; guess < 2; guess++) {
      expect((await api.ask("GET", "/workflows", wrongKey)).status).toBe(401);
    }
    expect((await api.ask("GET", "/workflows", wrongKey)).status).toBe(429);
    expect((await api.ask("POST", "/webhooks/none")).status).toBe(429);
    expect((await api.ask("GET", "/workflows")).status).toBe(200);
    expect((await api.ask("GET", "/healthz")).status).toBe(200);
  });

  test("health checks do not count", async () => {
    const api = testApiOf(["203.0.113.7"], { perKey: 10, perAddress: 2 });
    const probes = Array.from({ length: 20 }, async () => (await api.ask("GET", "/healthz")).status);
    expect(new Set(await Promise.all(probes))).toEqual(new Set([200]));
    expect((await api.ask("GET", "/readyz")).status).toBe(200);
    expect((await api.ask("POST", "/webhooks/none")).status).toBe(404);
  });

  test("IPv6 addresses count by network", async () => {
    const one = testApiOf(["2001:db8::1", "2001:db8::2"], { perKey: 10, perAddress: 1 });
    expect((await one.ask("POST", "/webhooks/none")).status).toBe(404);
    expect((await one.ask("POST", "/webhooks/none")).status).toBe(429);
    const two = testApiOf(["2001:db8::1", "2001:db8:0:1::1"], { perKey: 10, perAddress: 1 });
    expect((await two.ask("POST", "/webhooks/none")).status).toBe(404);
    expect((await two.ask("POST", "/webhooks/none")).status).toBe(404);
  });

  test("do not affect requests with a key", async () => {
    const api = testApiOf(["203.0.113.7"], { perKey: 10, perAddress: 2 });
    for (let request = 0; request < 5; request++) {
      expect((await api.ask("GET", "/workflows")).status).toBe(200);
    }
    expect((await api.ask("POST", "/webhooks/none")).headers.get("ratelimit")).toMatch(
      /^"address";r=1;t=\d+$/,
    );
  });
});
