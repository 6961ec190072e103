import { describe, expect, test } from "vitest";
import type { Route } from "./http/route.ts";
import { testKey } from "./testing/in-memory-services.ts";
import { readProblem, testApi } from "./testing/test-api.ts";
import type { TestApi } from "./testing/test-api.ts";

const ownPage = { "sec-fetch-site": "same-origin" };
const host = "duranium.example";

describe("a session", () => {
  test("GET /session returns the key, its permissions and the expiry", async () => {
    const api = testApi();
    const opened = await logIn(api);
    const body = (await opened.json()) as { scopes: string[] };
    expect(body).toMatchObject({ keyId: "key-1", name: "root", expiresAt: "2026-01-31T09:30:00.000Z" });
    expect(body.scopes).toContain("keys:manage");
    const again = await withCookie(api, cookieOf(opened), "GET", "/session");
    expect(await again.json()).toEqual(body);
  });

  test("the cookie is HttpOnly and SameSite", async () => {
    const opened = await logIn(testApi());
    expect(opened.headers.get("set-cookie")).toBe(
      "duranium_session=session-1; Path=/; Expires=Sat, 31 Jan 2026 09:30:00 GMT; HttpOnly; SameSite=Strict",
    );
    expect(opened.headers.get("cache-control")).toBe("no-store");
  });

  test("the cookie is Secure if the web UI was loaded over HTTPS", async () => {
    const opened = await logIn(testApi(), testKey, { ...ownPage, origin: `https://${host}` });
    expect(opened.headers.get("set-cookie")).toContain("; Secure");
  });

  test("is accepted in place of the key on all routes", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    const made = await withCookie(api, cookie, "POST", "/api-keys", {
      headers: { ...ownPage, "content-type": "application/json" },
      body: JSON.stringify({ name: "made in the page" }),
    });
    expect(made.status).toBe(201);
  });

  test("a log-in never reuses a token from the browser, and ends its session", async () => {
    const api = testApi();
    const first = cookieOf(await logIn(api));
    const second = cookieOf(await logIn(api, testKey, { ...ownPage, cookie: first }));
    expect(second).not.toBe(first);
    expect((await withCookie(api, first, "GET", "/session")).status).toBe(401);
    const planted = "duranium_session=planted-by-an-attacker";
    const third = cookieOf(await logIn(api, testKey, { ...ownPage, cookie: planted }));
    expect(third).not.toBe(planted);
    expect((await withCookie(api, planted, "GET", "/session")).status).toBe(401);
  });

  test("a log-out ends the session permanently", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    const closed = await withCookie(api, cookie, "DELETE", "/session", { headers: ownPage });
    expect(closed.status).toBe(204);
    expect(closed.headers.get("set-cookie")).toMatch(/^duranium_session=; Max-Age=0; Path=\//);
    const after = await withCookie(api, cookie, "GET", "/session");
    expect(await readProblem(after)).toMatchObject({
      code: "unauthenticated",
      detail: expect.stringContaining("log in again"),
    });
    expect(after.headers.get("set-cookie")).toMatch(/^duranium_session=; Max-Age=0/);
    expect((await withCookie(api, cookie, "DELETE", "/session", { headers: ownPage })).status).toBe(204);
  });

  test("ends when its key is revoked", async () => {
    const api = testApi();
    const { id, key } = await makeKey(api, { name: "short-lived" });
    const cookie = cookieOf(await logIn(api, key));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    await api.ask("DELETE", `/api-keys/${id}`);
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(401);
  });

  test("GET /session/status succeeds without a session", async () => {
    const api = testApi();
    const status = async (headers: Record<string, string> = {}) =>
      await api.app.request("/session/status", { headers });
    const none = await status();
    expect([none.status, none.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await none.json()).toEqual({ session: null });
    const opened = await logIn(api);
    const cookie = cookieOf(opened);
    expect(await (await status({ cookie })).json()).toEqual({ session: await opened.json() });
    await withCookie(api, cookie, "DELETE", "/session", { headers: ownPage });
    const over = await status({ cookie });
    expect(await over.json()).toEqual({ session: null });
    expect(over.headers.get("set-cookie")).toMatch(/^duranium_session=; Max-Age=0/);
    expect(await (await status({ authorization: `Bearer ${testKey}` })).json()).toEqual({ session: null });
    expect((await api.app.request("/session")).status).toBe(401);
  });

  test("guessing tokens is rate limited on every route", async () => {
    const api = testApi({ rateLimits: { perKey: 1_000, perAddress: 5 } });
    const guess = { cookie: "duranium_session=guessed" };
    for (let attempt = 0; attempt < 5; attempt += 1)
      await api.app.request("/session/status", { headers: guess });
    expect((await api.app.request("/session/status", { headers: guess })).status).toBe(429);
    expect((await withCookie(api, "duranium_session=guessed", "GET", "/workflows")).status).toBe(429);
  });

  test("has only the permissions of its key", async () => {
    const api = testApi();
    const { key } = await makeKey(api, { name: "reader", scopes: ["workflows:read"], workflows: ["a"] });
    const cookie = cookieOf(await logIn(api, key));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    expect((await withCookie(api, cookie, "GET", "/executions")).status).toBe(403);
    expect((await withCookie(api, cookie, "GET", "/workflows/b")).status).toBe(403);
  });

  test("is ignored if the request has a key", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    const headers = { authorization: "Bearer dk_unknown", cookie };
    expect((await api.app.request("/workflows", { headers })).status).toBe(401);
  });

  test("a request with two session cookies is not authenticated", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    const both = `${cookie}; duranium_session=tossed`;
    expect((await withCookie(api, both, "GET", "/session")).status).toBe(401);
    expect((await withCookie(api, `theme=dark; ${cookie}; other=1`, "GET", "/session")).status).toBe(200);
  });

  test("log-in and log-out are in the audit log", async () => {
    const api = testApi();
    const { key } = await makeKey(api, { name: "ada" });
    const cookie = cookieOf(await logIn(api, key));
    await withCookie(api, cookie, "DELETE", "/session", { headers: ownPage });
    const { items } = (await (await api.ask("GET", "/audit-log")).json()) as { items: object[] };
    expect(items.slice(0, 2)).toMatchObject([
      { actor: "ada", action: "closeSession", subject: "/session", status: 204 },
      { actor: "ada", action: "openSession", subject: "/session", status: 200, address: "203.0.113.7" },
    ]);
  });
});

describe("logging in", () => {
  test("an unknown key is rejected and no cookie is set", async () => {
    const refused = await logIn(testApi(), "dk_unknown");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("set-cookie")).toBeNull();
    expect((await readProblem(refused)).detail).toContain("not known, has expired or was revoked");
  });

  test("is rate limited like other attempts to guess keys", async () => {
    const api = testApi({ rateLimits: { perKey: 1_000, perAddress: 5 } });
    for (let attempt = 0; attempt < 5; attempt += 1) await logIn(api, "dk_unknown");
    expect((await logIn(api, testKey)).status).toBe(429);
  });

  test("is rejected for pages of other sites, which prevents log-in CSRF", async () => {
    const api = testApi();
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      const refused = await logIn(api, testKey, headers);
      expect((await readProblem(refused)).code).toBe("cross-site");
      expect(refused.headers.get("set-cookie")).toBeNull();
    }
    expect((await logIn(api, testKey, {})).status).toBe(200);
  });
});

describe("a session cookie", () => {
  const { routes } = testApi();
  const unsafe = routes.filter(({ method, access }) => method !== "get" && access !== "public");
  const others: readonly (readonly [string, Record<string, string>])[] = [
    ["a request of another site", { "sec-fetch-site": "cross-site" }],
    ["a request of another port", { "sec-fetch-site": "same-site", origin: `http://${host}` }],
    ["an address that was typed", { "sec-fetch-site": "none" }],
    ["another origin", { origin: "https://evil.example" }],
    ["an origin that looks alike", { origin: `https://${host}.evil.example` }],
    ["an origin that is hidden", { origin: "null" }],
    ["no word of where it comes from", {}],
  ];

  test.each(others)("cannot change data with %s", async (_what, headers) => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    for (const route of unsafe) {
      const response = await withCookie(api, cookie, route.method.toUpperCase(), addressOf(route), {
        headers,
      });
      expect([addressOf(route), response.status, (await readProblem(response)).code]).toEqual([
        addressOf(route),
        403,
        "cross-site",
      ]);
    }
    expect((await withCookie(api, cookie, "DELETE", "/session", { headers })).status).toBe(403);
    expect((await withCookie(api, cookie, "GET", "/session")).status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ["the own page", ownPage],
    ["the own page, in a browser that says no more", { origin: `http://${host}` }],
    ["the page behind a proxy", { origin: "https://public.example" }],
  ])("is accepted for %s", async (_what, headers) => {
    const api = testApi({ publicOrigin: "https://public.example" });
    const cookie = cookieOf(await logIn(api));
    const response = await withCookie(api, cookie, "DELETE", "/api-keys/none", { headers });
    expect((await readProblem(response)).code).toBe("api-key-not-found");
  });
});

async function logIn(
  { app }: TestApi,
  key = testKey,
  headers: Record<string, string> = ownPage,
): Promise<Response> {
  return await app.request("/session", {
    method: "POST",
    headers: { host, "content-type": "application/json", ...headers },
    body: JSON.stringify({ key }),
  });
}

function cookieOf(response: Response): string {
  return /^duranium_session=[^;]+/.exec(response.headers.get("set-cookie") ?? "")?.[0] ?? "";
}

async function withCookie(
  { app }: TestApi,
  cookie: string,
  method: string,
  path: string,
  request: { readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Response> {
  return await app.request(path, { ...request, method, headers: { host, cookie, ...request.headers } });
}

async function makeKey({ ask }: TestApi, json: object): Promise<{ id: string; key: string }> {
  return (await (await ask("POST", "/api-keys", { json })).json()) as { id: string; key: string };
}

function addressOf({ path }: Route): string {
  return path.replaceAll(":version", "1").replaceAll(/:\w+/g, "something");
}
