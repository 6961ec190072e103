import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Route } from "../../src/api/http/route.ts";
import { testCallbackToken } from "../../src/api/testing/in-memory-executions.ts";
import { testKey } from "../../src/api/testing/in-memory-services.ts";
import { readProblem, testApi } from "../../src/api/testing/test-api.ts";
import type { TestApi } from "../../src/api/testing/test-api.ts";
import { fuzzAsync, hostileJson, hostileText } from "../support/fuzz.ts";

/**
 * Every route, from the routes themselves, with random paths, queries, headers and bodies. Each response is documented,
 * and never an internal error.
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
  webhookId: ["webhook-1"],
  token: [testCallbackToken, "q5EJm0ZUQTyTRkqhGvTFXQ"],
};

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

interface Input {
  /** What stands in the place of each name of the path: something that is usual there, by its number, or a text. */
  readonly path: readonly (number | string)[];
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly isEncoded: boolean;
  readonly contentType: string | undefined;
  readonly body: string | undefined;
}

/** Mostly the fields that the route reads, with random values. */
function inputsOf(route: Route): fc.Arbitrary<Input> {
  const value = fc.oneof(fc.constantFrom(...knownValues), hostileText);
  const pairsOf = (names: readonly string[], others: fc.Arbitrary<string>) => {
    const name =
      names.length === 0 ? others : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, others);
    return fc.array(fc.tuple(name, value), { maxLength: 2 });
  };
  const segment = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, hostileText);
  return fc.record({
    path: fc.array(segment, { minLength: 2, maxLength: 2 }),
    query: pairsOf(Object.keys(route.query.shape), hostileText),
    headers: pairsOf(
      Object.keys(route.headers.shape),
      fc.constantFrom("accept", "webhook-id", "x-signature"),
    ),
    isEncoded: fc.boolean(),
    contentType: fc.oneof(fc.constant("application/json"), fc.constantFrom(...contentTypes, undefined)),
    body: fc.option(bodies, { nil: undefined }),
  });
}

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (_name, route) => {
  test("responds to every request with a documented response or a problem document", async () => {
    // One for all inputs, because the first request to a route compiles its schemas.
    const api = testApi({ rateLimits: { perKey: 1e6, perAddress: 1e6 } });
    await fuzzAsync(
      fc.asyncProperty(inputsOf(route), async (input) => {
        api.logged.splice(0);
        const request = requestOf(route, input);
        if (request === undefined) return;
        const response = await api.app.request(request);
        await expectAnswered(api, response);
      }),
      20,
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

const withNames = routes.filter(({ path }) => path.includes(":"));

describe.each(withNames.map((route) => [nameOf(route), route] as const))("%s", (_name, route) => {
  const { app } = testApi();

  test.each([
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cwindows",
    "%00",
    "order-sync%00.ts",
    "order-sync%0d%0aset-cookie:%20a=b",
    "%ef%bc%8e%ef%bc%8e%ef%bc%8f",
    "__proto__",
  ])("responds with 404 or 400 to %s", async (segment) => {
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

/** `undefined` if no HTTP client could send it. */
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
