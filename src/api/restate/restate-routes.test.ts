import { describe, expect, test } from "vitest";
import { maxRestateAnswerBytes, maxRestateRequestsPerKey } from "../contract/limits.ts";
import type { RestateAdminAnswer, RestateAdminRequest } from "../contract/services.ts";
import { testKey } from "../testing/in-memory-services.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";

/** The API with a fake Restate that responds with `answer`, and the requests that were forwarded to it. */
function apiBefore(answer: () => Partial<RestateAdminAnswer>): TestApi & { passed: RestateAdminRequest[] } {
  const passed: RestateAdminRequest[] = [];
  const restateAdmin = {
    request: async (request: RestateAdminRequest) => {
      passed.push(request);
      const body = ReadableStream.from([Buffer.from("{}")]);
      return await Promise.resolve({ status: 200, headers: {}, body, ...answer() });
    },
  };
  return { ...testApi({ restateAdmin }), passed };
}

describe("requests forwarded to Restate", () => {
  test("have path, query, body and content type, and no cookie, key or other header", async () => {
    const { ask, passed } = apiBefore(() => ({}));
    const headers = {
      "content-type": "application/json",
      accept: "application/json",
      cookie: "duranium_session=secret; other=1",
      "x-forwarded-for": "203.0.113.1",
      connection: "x-hop",
      "x-hop": "1",
    };
    await ask("POST", "/restate/query?a=%2F", { headers, body: '{"query":"SELECT 1"}' });
    expect(passed).toEqual([
      {
        method: "POST",
        target: "/query?a=%2F",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: Buffer.from('{"query":"SELECT 1"}'),
        signal: expect.any(AbortSignal) as unknown,
      },
    ]);
  });

  test("responses have the body and its type, and no cookies, redirects or service worker headers", async () => {
    const { ask } = apiBefore(() => ({
      status: 308,
      headers: {
        "content-type": "application/json",
        location: "https://evil.example/",
        "set-cookie": "duranium_session=fixed",
        "service-worker-allowed": "/",
        "access-control-allow-origin": "*",
        "content-security-policy": "default-src *",
      },
    }));
    const answer = await ask("GET", "/restate/services");
    expect(answer.status).toBe(308);
    expect(answer.headers.get("content-type")).toBe("application/json");
    for (const name of ["location", "set-cookie", "service-worker-allowed", "access-control-allow-origin"])
      expect(answer.headers.has(name)).toBe(false);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("a response above the limit is cut off", async () => {
    const chunk = new Uint8Array(maxRestateAnswerBytes / 4);
    const { app, routes } = apiBefore(() => ({
      body: ReadableStream.from([chunk, chunk, chunk, chunk, new Uint8Array(1)]),
    }));
    expect(routes.some(({ path }) => path.startsWith("/restate"))).toBe(false);
    const answer = await app.request("/restate/services", asTestKey);
    await expect(answer.arrayBuffer()).rejects.toThrow("larger than 67108864 bytes");
  });

  test("a change completes after the caller disconnects, and is in the audit log", async () => {
    const { app, ask, passed } = apiBefore(() => ({ status: 204 }));
    const caller = new AbortController();
    const request = { ...asTestKey, signal: caller.signal };
    const { executionId } = (await (
      await ask("POST", "/workflows/order-sync/deploy", {
        json: { source: "export function run() {}" },
      }).then(async () => await ask("POST", "/workflows/order-sync/execute", { json: 1 }))
    ).json()) as { executionId: string };
    const kill = `/restate/invocations/${executionId}/kill`;
    expect((await app.request(kill, { ...request, method: "PATCH" })).status).toBe(204);
    await app.request("/restate/services", request);
    caller.abort();
    expect(passed.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    const { items } = (await (await ask("GET", "/audit-log")).json()) as { items: unknown[] };
    expect(items[0]).toMatchObject({ action: "operateRestate", subject: kill, status: 204 });
  });

  test("concurrent requests per key are limited until a response has been read", async () => {
    const { app } = apiBefore(() => ({}));
    const request = async () => await app.request("/restate/services", asTestKey);
    const [first, second] = await Promise.all(Array.from({ length: maxRestateRequestsPerKey }, request));
    expect(await readProblem(await request())).toMatchObject({ code: "overloaded" });
    await first?.text();
    await second?.body?.cancel();
    expect((await request()).status).toBe(200);
    expect((await request()).status).toBe(200);
    expect(await readProblem(await request())).toMatchObject({ code: "overloaded" });
  });
});

test("the routes of the Restate UI do not exist if it is disabled", async () => {
  const { ask } = testApi();
  for (const path of ["/ui/", "/restate/services"])
    expect(await readProblem(await ask("GET", path))).toMatchObject({ code: "route-not-found" });
  expect((await (await ask("GET", "/")).json()) as object).not.toHaveProperty("links.restateUi");
});

const asTestKey = { headers: { authorization: `Bearer ${testKey}` } };
