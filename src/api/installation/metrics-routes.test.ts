import { describe, expect, test } from "vitest";
import { createMonitoringApp } from "../app.ts";
import { readProblem, testApi } from "../testing/test-api.ts";

describe("metrics", () => {
  test("are returned as text for a key with the scope", async () => {
    const { ask, app } = testApi();
    const response = await ask("GET", "/metrics");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toBe("up 1\n");
    expect(await readProblem(await app.request("/metrics"))).toMatchObject({ code: "unauthenticated" });
  });

  test("a process without an API serves only metrics and health checks", async () => {
    const { services } = testApi();
    const app = createMonitoringApp({
      ...services,
      rateLimits: { perKey: 10, perAddress: 10 },
      overload: { load: { overloadReason: () => undefined }, maxRequests: 10 },
      clientAddress: () => "203.0.113.7",
      logError: () => {},
    });
    expect((await app.request("/healthz")).status).toBe(200);
    expect(await readProblem(await app.request("/metrics"))).toMatchObject({ code: "unauthenticated" });
    expect(await readProblem(await app.request("/workflows"))).toMatchObject({ code: "unauthenticated" });
  });
});
