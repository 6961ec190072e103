import { describe, expect, test } from "vitest";
import type { Route } from "./http/route.ts";
import { testKey } from "./testing/in-memory-services.ts";
import { readProblem, testApi } from "./testing/test-api.ts";
import type { TestApi } from "./testing/test-api.ts";

const ownPage = { "sec-fetch-site": "same-origin" };
const host = "duranium.example";

describe("a session", () => {
  test("tells whose it is, what that may do, and when it ends", async () => {
    const api = testApi();
    const opened = await logIn(api);
    const body = (await opened.json()) as { scopes: string[] };
    expect(body).toMatchObject({ keyId: "key-1", name: "root", expiresAt: "2026-01-31T09:30:00.000Z" });
    expect(body.scopes).toContain("keys:manage");
    const again = await withCookie(api, cookieOf(opened), "GET", "/session");
    expect(await again.json()).toEqual(body);
  });

  test("is a cookie that no script reads and no other site sends", async () => {
    const opened = await logIn(testApi());
    expect(opened.headers.get("set-cookie")).toBe(
      "duranium_session=session-1; Path=/; Expires=Sat, 31 Jan 2026 09:30:00 GMT; HttpOnly; SameSite=Strict",
    );
    expect(opened.headers.get("cache-control")).toBe("no-store");
  });

  test("goes over HTTPS only where the page came by it", async () => {
    const opened = await logIn(testApi(), testKey, { ...ownPage, origin: `https://${host}` });
    expect(opened.headers.get("set-cookie")).toContain("; Secure");
  });

  test("stands in for the key on all routes", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    const made = await withCookie(api, cookie, "POST", "/api-keys", {
      headers: { ...ownPage, "content-type": "application/json" },
      body: JSON.stringify({ name: "made in the page" }),
    });
    expect(made.status).toBe(201);
  });

  test("never takes a token that the browser brought, and ends the session that it was of", async () => {
    const api = testApi();
    const first = cookieOf(await logIn(api));
    const second = cookieOf(await logIn(api, testKey, { ...ownPage, cookie: first }));
    expect(second).not.toBe(first);
    expect((await withCookie(api, first, "GET", "/session")).status).toBe(401);
    const planted = "duranium_session=planted-by-somebody-else";
    const third = cookieOf(await logIn(api, testKey, { ...ownPage, cookie: planted }));
    expect(third).not.toBe(planted);
    expect((await withCookie(api, planted, "GET", "/session")).status).toBe(401);
  });

  test("is over when somebody logs out, and stays so", async () => {
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

  test("ends with its key", async () => {
    const api = testApi();
    const { id, key } = await makeKey(api, { name: "short-lived" });
    const cookie = cookieOf(await logIn(api, key));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    await api.ask("DELETE", `/api-keys/${id}`);
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(401);
  });

  test("is asked for by the page before there is one, which is no error", async () => {
    const api = testApi();
    const status = async (headers: Record<string, string> = {}) =>
      await api.app.request("/session/status", { headers });
    const nobody = await status();
    expect([nobody.status, nobody.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await nobody.json()).toEqual({ session: null });
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

  test("is not found by trying tokens, whichever way they are tried", async () => {
    const api = testApi({ rateLimits: { perKey: 1_000, perAddress: 5 } });
    const guess = { cookie: "duranium_session=guessed" };
    for (let attempt = 0; attempt < 5; attempt += 1)
      await api.app.request("/session/status", { headers: guess });
    expect((await api.app.request("/session/status", { headers: guess })).status).toBe(429);
    expect((await withCookie(api, "duranium_session=guessed", "GET", "/workflows")).status).toBe(429);
  });

  test("may do no more than its key", async () => {
    const api = testApi();
    const { key } = await makeKey(api, { name: "reader", scopes: ["workflows:read"], workflows: ["a"] });
    const cookie = cookieOf(await logIn(api, key));
    expect((await withCookie(api, cookie, "GET", "/workflows")).status).toBe(200);
    expect((await withCookie(api, cookie, "GET", "/executions")).status).toBe(403);
    expect((await withCookie(api, cookie, "GET", "/workflows/b")).status).toBe(403);
  });

  test("counts for nothing beside a key", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    const headers = { authorization: "Bearer dk_nobody", cookie };
    expect((await api.app.request("/workflows", { headers })).status).toBe(401);
  });

  test("is nobody's where the browser sends two", async () => {
    const api = testApi();
    const cookie = cookieOf(await logIn(api));
    const both = `${cookie}; duranium_session=tossed`;
    expect((await withCookie(api, both, "GET", "/session")).status).toBe(401);
    expect((await withCookie(api, `theme=dark; ${cookie}; other=1`, "GET", "/session")).status).toBe(200);
  });

  test("stands in the audit log, when it begins and when it ends", async () => {
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
  test("is refused with a key that is not known, and sets nothing", async () => {
    const refused = await logIn(testApi(), "dk_nobody");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("set-cookie")).toBeNull();
    expect((await readProblem(refused)).detail).toContain("not known, has expired or was revoked");
  });

  test("is limited like the guessing of keys", async () => {
    const api = testApi({ rateLimits: { perKey: 1_000, perAddress: 5 } });
    for (let attempt = 0; attempt < 5; attempt += 1) await logIn(api, "dk_nobody");
    expect((await logIn(api, testKey)).status).toBe(429);
  });

  test("is refused to the page of another site, which would make somebody work in a session of its own", async () => {
    const api = testApi();
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      const refused = await logIn(api, testKey, headers);
      expect((await readProblem(refused)).code).toBe("cross-site");
      expect(refused.headers.get("set-cookie")).toBeNull();
    }
    expect((await logIn(api, testKey, {})).status).toBe(200);
  });
});

describe("a session's cookie", () => {
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

  test.each(others)("changes nothing with %s", async (_what, headers) => {
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
  ])("works for %s", async (_what, headers) => {
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
