import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "./testing/test-api.ts";

const source = { source: "export async function run() {}" };

describe("the application", () => {
  test("the root lists the main URLs without a key", async () => {
    const { app } = testApi();
    const response = await app.request("/");
    expect(await response.json()).toEqual({
      name: "duranium",
      version: "0.1.0",
      features: { portableComponents: false },
      links: {
        openapi: "/openapi.json",
        workflows: "/workflows",
        executions: "/executions",
        apiKeys: "/api-keys",
        health: "/healthz",
        readiness: "/readyz",
        metrics: "/metrics",
      },
    });
  });

  test("every URL in the root exists", async () => {
    const { app, ask } = testApi();
    const about = (await (await app.request("/")).json()) as { links: Record<string, string> };
    const addresses = Object.values(about.links).filter((address) => address.startsWith("/"));
    const statuses = await Promise.all(addresses.map(async (address) => (await ask("GET", address)).status));
    expect(statuses).toEqual(addresses.map(() => 200));
  });

  test("responses have headers against caching, framing and content sniffing", async () => {
    const { app, ask } = testApi();
    for (const response of [
      await ask("GET", "/workflows"),
      await ask("GET", "/none"),
      await app.request("/"),
    ]) {
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("x-frame-options")).toBe("DENY");
      expect(response.headers.get("content-security-policy")).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
      expect(response.headers.get("strict-transport-security")).toBeNull();
    }
  });

  test("an unexpected error reveals only its identifier in the log", async () => {
    const { ask, logged } = testApi();
    const response = await ask("POST", "/workflows/broken/execute");
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).not.toContain("secret");
    expect(logged).toHaveLength(1);
    expect(logged[0]?.error).toMatchObject({ message: "secret of the inside" });
    expect(logged[0]?.instance).toMatch(/^urn:uuid:/);
    expect(JSON.parse(body)).toMatchObject({ code: "internal", instance: logged[0]?.instance });
  });

  test("client errors are not logged as errors", async () => {
    const { ask, logged } = testApi();
    await ask("GET", "/workflows/none");
    await ask("POST", "/workflows/order-sync/deploy", { json: {} });
    expect(logged).toEqual([]);
  });

  test("HEAD returns the headers of GET without a body", async () => {
    const { app, ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: source });
    const response = await ask("HEAD", "/workflows/order-sync");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe("");
    expect((await app.request("/healthz", { method: "HEAD" })).status).toBe(200);
  });

  test.each([
    ["/workflows", "GET, HEAD, OPTIONS"],
    ["/workflows/order-sync", "DELETE, GET, HEAD, OPTIONS"],
    ["/workflows/order-sync/execute", "OPTIONS, POST"],
    ["/api-keys", "GET, HEAD, OPTIONS, POST"],
    ["/healthz", "GET, HEAD, OPTIONS"],
  ])("the methods of %s are in Allow for OPTIONS and for a 405", async (path, allow) => {
    const { ask } = testApi();
    const options = await ask("OPTIONS", path);
    expect(options.status).toBe(204);
    expect(options.headers.get("allow")).toBe(allow);
    const refused = await ask("PATCH", path);
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe(allow);
    expect((await readProblem(refused)).code).toBe("method-not-allowed");
  });
});
