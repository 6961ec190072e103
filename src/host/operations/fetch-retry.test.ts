import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import { fetchTimeoutMs, maxFetchRetries } from "../../domain/limits.ts";
import { maxFetchRetryMs } from "../limits.ts";
import { parseEgressAllow } from "../network/egress.ts";
import { createHttpClient } from "../network/undici-client.ts";
import { unrestricted, orders } from "../testing/executions.ts";
import { startHttpServer } from "../testing/loopback-server.ts";
import { createScriptedJournal } from "../testing/scripted-journal.ts";
import { createFetchOperation } from "./fetch.ts";

const policy = parseEgressAllow("127.0.0.1:*");
const now = Date.UTC(2026, 0, 31, 9, 30);

/** The defaults of the guest runtime, with a shorter delay. */
const retry = {
  limit: 2,
  methods: ["GET", "PUT"],
  statusCodes: [413, 429, 503],
  afterStatusCodes: [413, 429],
  delay: 1,
  jitter: true,
  retryOnTimeout: false,
};

describe("a fetch with retries", () => {
  test("is retried until it succeeds, and its single entry has the number of attempts", async () => {
    const { journaled, outcome, sent, commands } = await fetchFrom([503, 429, 200], {});
    expect(sent).toBe(3);
    expect(commands).toBe(1);
    expect(journaled).toMatchObject({ ok: true, attempts: 3, value: { status: 200 } });
    expect(journaled).toMatchObject({
      request: { method: "GET", bodyBytes: 0 },
      attemptHistory: [
        { status: 503, waitMs: expect.any(Number), durationMs: expect.any(Number) },
        { status: 429, waitMs: expect.any(Number) },
        { status: 200, durationMs: expect.any(Number) },
      ],
    });
    expect(outcome).toMatchObject({ ok: true, attempts: 3 });
    expect(outcome).not.toHaveProperty("request");
    expect(outcome).not.toHaveProperty("attemptHistory");
  });

  test("returns the last response when no attempts are left", async () => {
    const { journaled, sent } = await fetchFrom([503, 503, 503, 200], {});
    expect(sent).toBe(3);
    expect(journaled).toMatchObject({ attempts: 3, value: { status: 503 }, text: "answer 2" });
  });

  test("is sent once if it succeeds, and its entry has no attempts", async () => {
    const { journaled, sent } = await fetchFrom([200], {});
    expect(sent).toBe(1);
    expect(journaled).not.toHaveProperty("attempts");
    expect(journaled).not.toHaveProperty("attemptHistory");
  });

  test.each<[what: string, statuses: readonly number[], given: Given, sent: number]>([
    ["a method that is not among them", [503, 200], { method: "POST" }, 1],
    [
      "a method that its author put among them",
      [503, 200],
      { method: "POST", retry: { methods: ["POST"] } },
      2,
    ],
    ["a status that is not among them", [500, 200], {}, 1],
    ["a body that was too large", [413, 200], {}, 1],
    ["no retries at all", [503, 200], { retry: { limit: 0 } }, 1],
  ])("with %s is sent %j %j times", async (_what, statuses, given, wanted) => {
    expect((await fetchFrom(statuses, given)).sent).toBe(wanted);
  });

  test("that cannot connect fails with the number of attempts", async () => {
    const { journaled } = await journalFetch({ url: "http://127.0.0.1:1/", retry });
    expect(journaled).toMatchObject({ ok: false, attempts: 3, error: { code: "fetch-failed" } });
    expect(journaled).toMatchObject({ attemptHistory: [1, 2, 3].map(() => ({ error: expect.any(String) })) });
  });

  test("is not retried if its destination is refused", async () => {
    const { journaled } = await journalFetch({ url: "http://10.0.0.1/", retry });
    expect(journaled).not.toHaveProperty("attempts");
  });
});

describe("a Retry-After", () => {
  test.each<[what: string, header: string, given: Given, sent: number]>([
    ["of no seconds", "0", { retry: { delay: maxFetchRetryMs * 2 } }, 2],
    [
      "that is a date of the past",
      new Date(now - 1).toUTCString(),
      { retry: { delay: maxFetchRetryMs * 2 } },
      2,
    ],
    ["that cannot be read leaves the delay", "soon", {}, 2],
    ["of an hour is not waited for", "3600", {}, 1],
    ["that is a date in an hour is not waited for", new Date(now + 3_600_000).toUTCString(), {}, 1],
    ["of an hour counts for no more than its author said", "3600", { retry: { maxRetryAfter: 1 } }, 2],
    ["with a status for which it does not count", "3600", { retry: { afterStatusCodes: [] } }, 2],
  ])("%s", async (_what, header, given, wanted) => {
    expect((await fetchFrom([429, 200], given, { "retry-after": header })).sent).toBe(wanted);
  });

  test.each([
    "1.5",
    "-3",
    "+2",
    "2, 5",
    "5;",
    "2026",
    "2001-02-30",
    "Mon, 30 Feb 2026 00:00:00 GMT",
    "0x1",
    "1e3",
  ])("of %j is none, and leaves the delay", async (header) => {
    // The delay is longer than retries may take, so only a date that was read would bring one.
    const given = { retry: { delay: maxFetchRetryMs * 2, jitter: false } };
    expect((await fetchFrom([429, 200], given, { "retry-after": header })).sent).toBe(1);
  });

  test("allows a retry after 413", async () => {
    expect((await fetchFrom([413, 200], { method: "PUT" }, { "retry-after": "0" })).sent).toBe(2);
  });
});

describe("the timeout of an attempt", () => {
  test("ends it with a TimeoutError, and it is retried only with retryOnTimeout", async () => {
    const { journaled, sent } = await fetchFrom([0, 200], { timeout: 50 });
    expect(sent).toBe(1);
    expect(journaled).toMatchObject({
      ok: false,
      error: {
        name: "TimeoutError",
        message: "fetch failed: no complete response in 50 ms (timeout)",
        code: "fetch-timeout",
      },
    });
    const again = await fetchFrom([0, 200], { timeout: 500, retry: { retryOnTimeout: true } });
    expect(again.journaled).toMatchObject({ ok: true, attempts: 2 });
  });
});

test("a fetch dropped between two attempts leaves no outcome and is not retried", async () => {
  const controller = new AbortController();
  await using server = await startHttpServer((_request, response) => {
    response.writeHead(503).end();
    setTimeout(() => controller.abort(new Error("dropped")), 100);
  });
  await using http = createHttpClient({ policy });
  const scripted = createScriptedJournal();
  let effect: Promise<JsonValue> | undefined;
  const given = { url: server.origin, retry: { ...retry, jitter: false, delay: 30_000 } };
  createFetchOperation({ http, ...unrestricted, clock: () => now }).prepare(given, new Uint8Array())?.(
    {
      ...scripted,
      run(name, run) {
        effect = run(controller.signal);
        return scripted.run(name, run);
      },
    },
    0,
    orders,
  );
  await expect(effect).rejects.toThrow(/aborted|dropped/);
  expect(server.requests).toHaveLength(1);
});

test.each<[what: string, given: JsonValue]>([
  ["more retries than there may be", { retry: { ...retry, limit: maxFetchRetries + 1 } }],
  ["a negative delay", { retry: { ...retry, delay: -1 } }],
  ["an unknown option", { retry: { ...retry, shouldRetry: true } }],
  ["half of the options", { retry: { limit: 2 } }],
  ["a number for the options", { retry: 2 }],
  ["a timeout above the limit", { timeout: fetchTimeoutMs + 1 }],
  ["a timeout of nothing", { timeout: 0 }],
])("%s is nothing that the guest runtime sends", (_what, given) => {
  const operation = createFetchOperation({ http: unreachable, ...unrestricted, clock: () => now });
  const url = { url: "http://127.0.0.1/" };
  expect(operation.prepare({ ...url, ...(given as object) }, new Uint8Array())).toBeUndefined();
});

const unreachable = {
  fetch: () => Promise.reject(new Error("Nothing is to be sent")),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

interface Given {
  readonly method?: string;
  readonly timeout?: number;
  readonly retry?: Partial<Record<keyof typeof retry | "maxRetryAfter", JsonValue>>;
}

/** Fetches from a server that answers with these statuses in order; 0 is no response. */
async function fetchFrom(
  statuses: readonly number[],
  given: Given,
  headers: Readonly<Record<string, string>> = {},
) {
  let sent = 0;
  await using server = await startHttpServer((_request, response) => {
    const status = statuses[sent++] ?? 500;
    if (status !== 0) response.writeHead(status, headers).end(`answer ${sent - 1}`);
  });
  const options = { url: server.origin, ...given, retry: { ...retry, ...given.retry } };
  return { ...(await journalFetch(options)), sent };
}

/** Starts one fetch on an empty journal: what is journaled, and what comes out of it. */
async function journalFetch(given: JsonValue) {
  await using http = createHttpClient({ policy });
  const start = createFetchOperation({ http, ...unrestricted, clock: () => now }).prepare(
    given,
    new Uint8Array(),
  );
  if (start === undefined) throw new Error("These are no arguments of a fetch");
  const journal = createScriptedJournal();
  const outcome = await journal.race([start(journal, 0, orders)]);
  return {
    outcome,
    journaled: journal.record.results[0]?.value,
    commands: journal.record.commands.length,
  };
}
