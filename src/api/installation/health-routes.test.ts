import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "../testing/test-api.ts";

describe("health", () => {
  test("healthz and readyz respond with 200 if there is no problem", async () => {
    const { app } = testApi();
    expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok" });
    expect(await (await app.request("/readyz")).json()).toEqual({ status: "ok" });
  });

  test("healthz responds with 200 and readyz with 503 and the problem", async () => {
    const { app, services, logged } = testApi();
    services.health.failing.push("Restate does not answer", "the database is locked");
    expect((await app.request("/healthz")).status).toBe(200);
    const response = await app.request("/readyz");
    expect(response.status).toBe(503);
    expect(await readProblem(response)).toMatchObject({
      code: "not-ready",
      detail: "Duranium is not ready: Restate does not answer; the database is locked",
      problems: ["Restate does not answer", "the database is locked"],
    });
    expect(logged).toEqual([]);
  });
});
