import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { parseEgressAllow } from "../network/egress.ts";
import type { HttpClient } from "../network/http-client.ts";
import { createHttpClient } from "../network/undici-client.ts";
import { unrestricted, orders } from "../testing/executions.ts";
import { startHttpServer } from "../testing/loopback-server.ts";
import { createScriptedJournal } from "../testing/scripted-journal.ts";
import { createFetchOperation, fetchName } from "./fetch.ts";
import type { DatedOutcome } from "./operation.ts";
import { createOperations } from "./registry.ts";

const policy = parseEgressAllow("127.0.0.1:*");
const now = 1_700_000_000_000;

/** Starts one fetch on an empty journal: what is journaled, and what comes out of it. */
async function journalFetch(given: JsonValue, body = new Uint8Array()) {
  await using http = createHttpClient({ policy });
  const start = createFetchOperation({ http, ...unrestricted, clock: () => now }).prepare(given, body);
  if (start === undefined) throw new Error("These are no arguments of a fetch");
  const journal = createScriptedJournal();
  const outcome = await journal.race([start(journal, 0, orders)]);
  return { outcome, journaled: journal.record.results[0]?.value, commands: journal.record.commands };
}

test("a fetch has the same traceparent in every attempt, and each fetch has another one", async () => {
  await using server = await startHttpServer((_request, response) => response.end());
  await using http = createHttpClient({ policy });
  const operation = createFetchOperation({ http, ...unrestricted, clock: () => now });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const attempt = async () => {
    const execution = { ...orders, traceparent };
    const journal = createScriptedJournal();
    for (const path of ["/a", "/b"]) {
      const start = operation.prepare({ url: server.origin + path }, new Uint8Array());
      await journal.race([start?.(journal, 0, execution) ?? expect.unreachable()]);
    }
  };
  await attempt();
  await attempt();
  const [a, b, ...again] = server.requests.map(({ headers }) => headers["traceparent"]);
  expect(a).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(b).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(a).not.toBe(b);
  expect(again).toEqual([a, b]);
});

describe("a fetch in the journal", () => {
  test("has a name, a readable response, and its end time", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, "Fine", { "content-type": "application/json", date: "today" }).end('{"id":7}');
    });
    const url = `${server.origin}/orders`;
    const { journaled, outcome, commands } = await journalFetch({ url, method: "GET", headers: [] });
    const value = {
      status: 200,
      statusText: "Fine",
      url,
      redirected: false,
      headers: [
        ["content-type", "application/json"],
        ["date", "today"],
      ],
    };
    expect(commands).toEqual([{ kind: "run", name: `fetch GET ${url}` }]);
    expect(journaled).toEqual({
      ok: true,
      now,
      request: expect.objectContaining({ method: "GET", url }),
      value: expect.objectContaining(value),
      text: '{"id":7}',
    });
    expect(outcome).toMatchObject({ ok: true, now, body: new TextEncoder().encode('{"id":7}') });
  });

  test("fails while the execution holds as many response bytes as its journal allows, and succeeds afterwards", async () => {
    await using server = await startHttpServer((_request, response) => response.end("x".repeat(100_000)));
    await using http = createHttpClient({ policy });
    const operation = createFetchOperation({ http, ...unrestricted, clock: () => now });
    const execution = { ...orders, limits: { ...orders.limits, journalBytes: 250_000 } };
    // All have ended before the first is delivered.
    const journal = createScriptedJournal({ arrive: (open) => open });
    const start = () => {
      const prepared = operation.prepare({ url: server.origin }, new Uint8Array());
      if (prepared === undefined) throw new Error("These are no arguments of a fetch");
      return prepared(journal, 0, execution);
    };
    const pending = [start(), start(), start()];
    const outcomes: DatedOutcome[] = [];
    for (const first of pending.keys()) outcomes.push(await journal.race(pending.slice(first)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(outcomes[2]).toMatchObject({ error: { code: "limit-exceeded" } });
    expect(await journal.race([start()])).toMatchObject({ ok: true });
  });

  test("has bytes as base64", async () => {
    await using server = await startHttpServer((_request, response) => response.end(Uint8Array.of(0xff, 0)));
    const { journaled, outcome } = await journalFetch({ url: server.origin });
    expect(journaled).toMatchObject({ base64: "/wA=" });
    expect(outcome).toMatchObject({ body: Uint8Array.of(0xff, 0) });
  });

  test("sends its body", async () => {
    await using server = await startHttpServer((_request, response) => response.end());
    await journalFetch({ url: server.origin, method: "POST" }, new TextEncoder().encode("order 7"));
    expect(server.requests[0]).toMatchObject({ method: "POST", body: "order 7" });
  });

  test.each<[what: string, given: JsonValue, code: string, message: string]>([
    [
      "is refused",
      { url: "http://10.0.0.1/" },
      "egress-refused",
      "fetch failed: connections to 10.0.0.1 at port 80 are refused: 10.0.0.1 is a private address",
    ],
    ["has no URL", { url: "/orders" }, "fetch-invalid", "fetch failed: the URL cannot be parsed"],
    [
      "has a body where none can be",
      { url: "http://127.0.0.1/", method: "CONNECT" },
      "fetch-invalid",
      "fetch failed: CONNECT is not supported",
    ],
  ])("that %s is an outcome, and a TypeError for the guest", async (_what, given, code, message) => {
    const { journaled, outcome } = await journalFetch(given);
    const failure: TimedOutcome = { ok: false, now, error: { name: "TypeError", message, code } };
    expect(outcome).toEqual(failure);
    expect(journaled).toMatchObject(failure);
  });

  test("that fails in the network has Node's message, with the reason and code as its cause", async () => {
    const { journaled, outcome } = await journalFetch({ url: "http://127.0.0.1:1/" });
    const cause = { name: "Error", message: "connect ECONNREFUSED 127.0.0.1:1", code: "ECONNREFUSED" };
    const error = { name: "TypeError", message: "fetch failed", code: "fetch-failed", cause };
    expect(outcome).toEqual({ ok: false, now, error });
    expect(journaled).toMatchObject({ ok: false, now, error });
  });

  test("that is dropped while it runs leaves no outcome", async () => {
    const reason = new Error("dropped");
    const controller = new AbortController();
    await using server = await startHttpServer(() => controller.abort(reason));
    await using http = createHttpClient({ policy });
    const effects: Promise<JsonValue>[] = [];
    const scripted = createScriptedJournal();
    const start = createFetchOperation({ http, ...unrestricted, clock: () => now }).prepare(
      { url: server.origin },
      new Uint8Array(),
    );
    start?.(
      {
        ...scripted,
        run(name, effect) {
          effects.push(effect(controller.signal));
          return scripted.run(name, effect);
        },
      },
      0,
      orders,
    );
    await expect(effects[0]).rejects.toBe(reason);
  });
});

describe("the arguments of a fetch", () => {
  const operation = createFetchOperation({ http: unreachable(), ...unrestricted, clock: () => now });

  test.each<[what: string, given: JsonValue]>([
    ["no URL", { method: "GET" }],
    ["a URL that is no text", { url: 7 }],
    ["headers as an object", { url: "http://a/", headers: { accept: "*/*" } }],
    ["a header without value", { url: "http://a/", headers: [["accept"]] }],
    ["an unknown redirect mode", { url: "http://a/", redirect: "sometimes" }],
    ["an unknown key", { url: "http://a/", dispatcher: {} }],
    ["an address of a socket", { url: "http://a/", socketPath: "/var/run/docker.sock" }],
    ["a prototype", JSON.parse('{"url":"http://a/","__proto__":{"method":"POST"}}') as JsonValue],
  ])("with %s are malformed", (_what, given) => {
    expect(operation.prepare(given, new Uint8Array())).toBeUndefined();
  });

  test("have defaults except for the URL", () => {
    expect(operation.prepare({ url: "http://a/" }, new Uint8Array())).toBeDefined();
  });
});

describe("the name of a fetch", () => {
  test.each<[url: string, name: string]>([
    ["https://api.example.com/orders", "fetch GET https://api.example.com/orders"],
    ["https://api.example.com", "fetch GET https://api.example.com/"],
    ["https://api.example.com:8443/a%20b", "fetch GET https://api.example.com:8443/a%20b"],
    ["https://api.example.com/orders?key=secret", "fetch GET https://api.example.com/orders?…"],
    ["https://user:secret@api.example.com/orders#secret", "fetch GET https://api.example.com/orders"],
    ["http://BÜCHER.example/", "fetch GET http://xn--bcher-kva.example/"],
    ["not a URL, secret", "fetch GET (not a URL)"],
    ["data:text/plain,secret", "fetch GET data:…"],
    ["file:///etc/secret", "fetch GET file:…"],
  ])("of %s is %s", (url, name) => {
    expect(fetchName({ url, method: "GET" })).toBe(name);
  });

  test("is one line, whatever the method contains", () => {
    expect(fetchName({ url: "http://a/", method: "GET\r\n\u{1b}[2J\u{202e}\ud800" })).toBe(
      "fetch GET\\u{d}\\u{a}\\u{1b}[2J\\u{202e}\u{fffd} http://a/",
    );
  });

  test("has at most 200 characters", () => {
    const path = "x".repeat(1_000);
    const name = fetchName({ url: `http://a/${path}`, method: "GET" });
    expect(name).toHaveLength(200);
    expect(name).toMatch(/^fetch GET http:\/\/a\/x+…$/);
  });

  test("is well-formed for any URL", () => {
    const anyUrl = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withQueryParameters: true }));
    fc.assert(
      fc.property(anyUrl, fc.string({ unit: "binary" }), (url, method) => {
        const name = fetchName({ url, method });
        expect(name.length).toBeLessThanOrEqual(200);
        expect(name).toBe(name.toWellFormed());
        expect(name).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

test("a workflow can request only registered operations", () => {
  expect([...createOperations({ http: unreachable(), ...unrestricted }).keys()]).toEqual([
    "fetch",
    "hmac",
    "sleep",
    "timer",
    "wait",
    "state",
    "call",
    "send",
    "tag",
  ]);
});

function unreachable(): HttpClient {
  return { fetch: () => Promise.reject(new Error("unreachable")), [Symbol.asyncDispose]: async () => {} };
}
