import { describe, expect, test } from "vitest";
import { testKey } from "../testing/in-memory-services.ts";
import { testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";

const dashboard = "https://dashboard.example";
const allowed = { corsOrigins: [dashboard] };
const preflight = {
  method: "OPTIONS",
  headers: {
    origin: dashboard,
    "access-control-request-method": "PUT",
    "access-control-request-headers": "authorization,content-type,if-match",
  },
};
const allowOriginOf = ({ headers }: Response) => headers.get("access-control-allow-origin");

describe("pages of other origins", () => {
  test("are rejected unless the operator allows them", async () => {
    const api = testApi();
    expect(allowOriginOf(await api.app.request("/workflows", preflight))).toBeNull();
    expect(allowOriginOf(await askFrom(api, dashboard))).toBeNull();
    for (const origin of [
      "https://evil.example",
      `${dashboard}.evil.example`,
      "null",
      "http://dashboard.example",
    ])
      expect(allowOriginOf(await askFrom(testApi(allowed), origin))).toBeNull();
  });

  test("allowed origins may send an API key and read responses", async () => {
    const api = testApi(allowed);
    const asked = await api.app.request("/workflows/order-sync/draft", preflight);
    expect(asked.status).toBe(204);
    expect(allowOriginOf(asked)).toBe(dashboard);
    expect(asked.headers.get("access-control-allow-methods")).toContain("PUT");
    for (const header of ["Authorization", "Content-Type", "If-Match"])
      expect(asked.headers.get("access-control-allow-headers")).toContain(header);
    const answered = await askFrom(api, dashboard);
    expect([answered.status, allowOriginOf(answered)]).toEqual([200, dashboard]);
    expect(answered.headers.get("access-control-expose-headers")).toContain("Location");
    expect(answered.headers.get("vary")).toContain("Origin");
  });

  test("allowed origins can read error responses", async () => {
    const { app } = testApi(allowed);
    const headers = { origin: dashboard };
    const withKey = { ...headers, authorization: `Bearer ${testKey}` };
    const answers = [
      await app.request("/workflows", { headers }),
      await app.request("/workflows/none", { headers: withKey }),
      await app.request("/workflows/Bad_Id", { headers: withKey }),
      await app.request("/workflows", { method: "PATCH", headers: withKey }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 404, 400, 405]);
    expect(answers.map(allowOriginOf)).toEqual(answers.map(() => dashboard));
  });

  test("are never authenticated by a cookie", async () => {
    for (const corsOrigins of [[dashboard], ["*"]]) {
      const api = testApi({ corsOrigins });
      const opened = await api.app.request("/session", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ key: testKey }),
      });
      const cookie = (opened.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
      for (const method of ["GET", "DELETE"]) {
        const headers = { origin: dashboard, cookie, "sec-fetch-site": "cross-site" };
        const answer = await api.app.request("/workflows/none", { method, headers });
        expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
        if (method === "DELETE") expect(answer.status).toBe(403);
      }
    }
  });

  test("all are allowed if the operator sets *", async () => {
    const answer = await askFrom(testApi({ corsOrigins: ["*"] }), "https://any.example");
    expect(allowOriginOf(answer)).toBe("*");
  });

  test("responses vary by origin, so that caches do not mix them", async () => {
    const api = testApi(allowed);
    expect((await api.app.request("/openapi.json")).headers.get("vary")).toContain("Origin");
  });
});

async function askFrom({ app }: TestApi, origin: string): Promise<Response> {
  return await app.request("/workflows", { headers: { origin, authorization: `Bearer ${testKey}` } });
}
