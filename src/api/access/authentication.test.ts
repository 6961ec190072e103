import { describe, expect, test } from "vitest";
import { maxApiKeyLength } from "../contract/limits.ts";
import { testKey } from "../testing/in-memory-services.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import { bearerToken } from "./authentication.ts";

const { routes } = testApi();
const addressOf = (path: string) => path.replaceAll(":version", "1").replaceAll(/:\w+/g, "something");

describe("authentication", () => {
  const closed = routes.filter(({ access }) => access !== "public");
  test.each(closed.map(({ method, path }) => [method.toUpperCase(), path]))(
    "%s %s without a key is rejected with 401",
    async (method, path) => {
      const { app } = testApi();
      const response = await app.request(addressOf(path), { method });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="duranium"');
      expect(await readProblem(response)).toMatchObject({
        code: "unauthenticated",
        instance: addressOf(path),
        detail: expect.stringContaining("Authorization: Bearer <key>"),
      });
    },
  );

  test("public routes either reveal no data or require their own secret", () => {
    const open = routes.filter(({ access }) => access === "public").map(({ path }) => path);
    expect(open.toSorted()).toEqual([
      "/",
      "/callbacks/:token",
      "/engine",
      "/engine/:module",
      "/errors/:code",
      "/healthz",
      "/openapi.json",
      "/readyz",
      "/session",
      "/session",
      "/session/status",
      "/webhooks/:token",
      "/webhooks/:token",
      "/webhooks/:token",
    ]);
  });

  test("unknown paths and methods are rejected with 401 without a key", async () => {
    const { app } = testApi();
    expect((await app.request("/none")).status).toBe(401);
    expect((await app.request("/workflows", { method: "PUT" })).status).toBe(401);
    expect((await app.request("/workflows", { method: "OPTIONS" })).status).toBe(401);
  });

  test("the body is not read before the request is authenticated", async () => {
    const { app } = testApi();
    const body = new ReadableStream({
      pull() {
        throw new Error("the body was read");
      },
    });
    const request: RequestInit = { method: "POST", body, duplex: "half" };
    expect((await app.request("/workflows/order-sync/execute", request)).status).toBe(401);
  });

  test("an unknown key is rejected with a message about the key", async () => {
    const { app } = testApi();
    const response = await app.request("/workflows", { headers: { authorization: "Bearer dk_unknown" } });
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="duranium", error="invalid_token"');
    expect((await readProblem(response)).detail).toContain("not known, has expired or was revoked");
  });

  test("a revoked key is rejected immediately", async () => {
    const { ask } = testApi();
    expect((await ask("DELETE", "/api-keys/key-1")).status).toBe(204);
    expect((await ask("GET", "/workflows")).status).toBe(401);
  });
});

describe("bearerToken", () => {
  test.each([
    [`Bearer ${testKey}`, testKey],
    [`bearer   ${testKey} `, testKey],
    ["Bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="],
    [`Bearer ${"k".repeat(maxApiKeyLength)}`, "k".repeat(maxApiKeyLength)],
    [`Bearer ${"k".repeat(maxApiKeyLength + 1)}`, undefined],
    ["Bearer", undefined],
    ["Bearer ", undefined],
    ["Bearer two words", undefined],
    ["Bearer kéy", undefined],
    ["Basic dXNlcjpwYXNz", undefined],
    [testKey, undefined],
    ["", undefined],
    [undefined, undefined],
  ])("parses %j as %j", (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
