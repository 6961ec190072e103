import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { testCallbackToken, testKey } from "../../src/api/testing/in-memory-services.ts";
import { readProblem, testApi } from "../../src/api/testing/test-api.ts";
import type { TestApi } from "../../src/api/testing/test-api.ts";
import { fuzzAsync, hostileJson, hostileText } from "../support/fuzz.ts";

/**
 * Every route, from the routes themselves, with addresses, queries, headers and bodies that nobody meant: what comes back
 * is an answer of ours, and never that something of ours broke.
 */
const { routes } = testApi();
const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

/** What a route reads, and what may stand there that it takes, so that its handler is reached too. */
const usual: Readonly<Record<string, readonly string[]>> = {
  workflowId: ["order-sync"],
  version: ["1", "0", "2147483648", "1e3"],
  executionId: ["inv_000000000000000000000001", "inv_1"],
  name: ["order-created", "STRIPE_KEY"],
  apiKeyId: ["key-1", "root"],
  hookId: ["hook-1"],
  token: [testCallbackToken, "q5EJm0ZUQTyTRkqhGvTFXQ"],
};

const knownQueries = [
  "cursor",
  "limit",
  "workflow",
  "status",
  "version",
  "entry-point",
  "level",
  "created-after",
];

const knownHeaders = ["prefer", "idempotency-key", "content-type", "accept", "last-event-id", "webhook-id"];

const knownValues = [
  "1",
  "50",
  "failed",
  "warn,error",
  "2026-01-31T09:30:00Z",
  "wait=0",
  "text/event-stream",
];

const contentTypes = [
  "application/json",
  "application/json; charset=utf-16",
  "application/vnd.x+json",
  "text/typescript",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/xml",
  ";",
];

const bodies = fc.oneof(
  hostileJson,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc
    .dictionary(
      fc.constantFrom(
        "source",
        "files",
        "entry",
        "dependencies",
        "name",
        "scopes",
        "workflows",
        "expiresAt",
        "value",
        "hosts",
        "egress",
        "version",
        "from",
        "scheme",
        "secret",
        "payload",
      ),
      fc.oneof(fc.jsonValue(), hostileText, fc.dictionary(hostileText, hostileText), fc.array(hostileText)),
    )
    .map((body) => JSON.stringify(body)),
);

const inputs = fc.record({
  path: fc.array(fc.oneof(fc.nat(3), hostileText), { minLength: 2, maxLength: 2 }),
  query: fc.array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...knownQueries), hostileText),
      fc.oneof(fc.constantFrom(...knownValues), hostileText),
    ),
    { maxLength: 3 },
  ),
  headers: fc.array(
    fc.tuple(fc.constantFrom(...knownHeaders), fc.oneof(fc.constantFrom(...knownValues), hostileText)),
    { maxLength: 2 },
  ),
  isEncoded: fc.boolean(),
  contentType: fc.constantFrom(...contentTypes, undefined),
  body: fc.option(bodies, { nil: undefined }),
});

type Input = typeof inputs extends fc.Arbitrary<infer T> ? T : never;

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (_name, route) => {
  it("answers whatever it is asked with what it promises or a problem document", async () => {
    await fuzzAsync(
      fc.asyncProperty(inputs, async (input) => {
        const api = testApi();
        const request = requestOf(route, input);
        if (request === undefined) return;
        const response = await api.app.request(request);
        await expectAnswered(api, response);
      }),
      20,
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it
    .runIf(route.path.includes(":"))
    .each([
      "..%2f..%2f..%2fetc%2fpasswd",
      "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
      "..%5c..%5cwindows",
      "%00",
      "order-sync%00.ts",
      "order-sync%0d%0aset-cookie:%20a=b",
      "%ef%bc%8e%ef%bc%8e%ef%bc%8f",
      "__proto__",
    ])("finds nothing at %s", async (segment) => {
    const { app } = testApi();
    const response = await app.request(route.path.replaceAll(/:\w+/g, segment), {
      method: route.method.toUpperCase(),
      headers: { authorization: `Bearer ${testKey}` },
    });
    expect(response.headers.get("set-cookie")).toBeNull();
    expect([400, 404]).toContain(response.status);
    await readProblem(response);
  });
});

async function expectAnswered({ logged }: TestApi, response: Response): Promise<void> {
  expect(logged).toEqual([]);
  expect(response.status).toBeLessThan(500);
  if (response.status >= 400) await readProblem(response);
  else await response.body?.cancel();
}

/** `undefined` where no HTTP client could send it. */
function requestOf(route: Route, { path, query, headers, isEncoded, contentType, body }: Input) {
  const encode = (text: string) => (isEncoded ? encodeURIComponent(text.toWellFormed()) : text);
  let next = 0;
  const filled = route.path.replaceAll(/:(\w+)/g, (_match, name: string) => {
    const value = path[next++] ?? 0;
    const known = usual[name] ?? [];
    return typeof value === "number" ? (known[value % known.length] ?? "x") : encode(value);
  });
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  try {
    const hasBody = body !== undefined && route.method !== "get";
    const request = new Request(`http://localhost${filled}${search === "" ? "" : `?${search}`}`, {
      method: route.method.toUpperCase(),
      headers: { authorization: `Bearer ${testKey}` },
      ...(hasBody ? { body } : {}),
      signal: AbortSignal.timeout(60_000),
    });
    if (hasBody) {
      if (contentType === undefined) request.headers.delete("content-type");
      else request.headers.set("content-type", contentType);
    }
    for (const [name, value] of headers) request.headers.set(name, value);
    return request;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
