import { connect } from "node:net";
import { text } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute } from "../support/executions.ts";
import { fuzzAsync, hostileJson, hostileText } from "../support/fuzz.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/**
 * What callers make up, against the real database and the real Restate: cursors, times and ids become parts of queries
 * there, headers and names parts of requests.
 */
let instance: Instance;
let executionId: string;

beforeAll(async () => {
  instance = await sharedInstance();
  await deploy(instance, "served-orders", "export const run = (ctx, payload) => payload;");
  ({ executionId } = await execute(instance, "served-orders"));
});
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
});

async function expectNoFault(method: string, path: string, headers: Record<string, string> = {}) {
  const { status, body } = await instance.request(method, path, { headers });
  expect({ path, status, body }).toMatchObject({ status: expect.toSatisfy((code: number) => code < 500) });
  if (status >= 400) expect(body).toMatchObject({ type: expect.stringMatching(/^\/errors\//), status });
}

const lists = () => [
  "/workflows",
  "/workflows/served-orders/versions",
  "/executions",
  `/executions/${executionId}/logs`,
  "/api-keys",
  "/audit-log",
];

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a list", () => {
  const extremes = [0, 1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 8.64e15, 1e300];
  const cursors = [
    ...extremes,
    ...extremes.map((value) => [value]),
    ...extremes.map((value) => [value, "inv_000000000000000000000001"]),
    [0, "inv_' OR '1'='1"],
    [0, "' OR 1=1 --"],
    "orders",
    "' OR '1'='1",
    { createdAt: 2 ** 53 - 1, id: "' OR '1'='1" },
    null,
    [],
    {},
  ].map(cursorOf);

  test.each(cursors)("accepts or rejects the cursor %s", async (cursor) => {
    await Promise.all(lists().map((list) => expectNoFault("GET", `${list}?cursor=${cursor}`)));
  });

  test.each([
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "+275760-09-13T00:00:00.000Z",
    "-271821-04-20T00:00:00.000Z",
    "2026-01-31T09:30:00+14:00",
    "' OR '1'='1",
  ])("accepts or rejects the time %s", async (time) => {
    for (const name of ["created-after", "created-before"])
      await expectNoFault("GET", `/executions?${name}=${encodeURIComponent(time)}`);
  });

  test("accepts or rejects any forged cursor, filter or ID", async () => {
    const cursor = fc.oneof(
      hostileText,
      hostileJson.map((json) => Buffer.from(json).toString("base64url")),
    );
    const filter = fc.constantFrom(
      "cursor",
      "workflow",
      "status",
      "version",
      "entry-point",
      "limit",
      "level",
    );
    await fuzzAsync(
      fc.asyncProperty(filter, cursor, hostileText, async (name, value, id) => {
        const query = `${name}=${encodeURIComponent(value.slice(0, 600).toWellFormed())}`;
        const segment = encodeURIComponent(id.slice(0, 300).toWellFormed());
        await Promise.all([
          ...lists().map((list) => expectNoFault("GET", `${list}?${query}`)),
          expectNoFault("GET", `/executions/${segment}`),
          expectNoFault("POST", `/callbacks/${segment}`),
          expectNoFault("POST", `/webhooks/${segment}`),
          expectNoFault("DELETE", `/workflows/served-orders/secrets/${segment}`),
        ]);
      }),
      6,
    );
  });
});

test.each(["é", "a\tb", "{}", '"quoted"', "%00", "x".repeat(255), " ", ",", "../../x", "inv_1"])(
  "the idempotency key %j is accepted or rejected",
  async (key) => {
    await expectNoFault("POST", "/workflows/served-orders/execute", { "idempotency-key": key });
  },
);

describe("ambiguous HTTP", () => {
  test.each<[what: string, request: () => string[]]>([
    [
      "chunks behind a tab",
      () => [
        ...head(
          "POST",
          "/workflows/served-orders/execute",
          "transfer-encoding:\tchunked",
          "content-length: 5",
        ),
        "",
        "0",
        "",
        "",
      ],
    ],
    [
      "chunks in capitals",
      () => [
        ...head(
          "POST",
          "/workflows/served-orders/execute",
          "Transfer-Encoding: CHUNKED",
          "content-length: 5",
        ),
        "",
        "0",
        "",
        "",
      ],
    ],
    [
      "a coding that there is not",
      () => [
        ...head("POST", "/workflows/served-orders/execute", "transfer-encoding: xchunked"),
        "",
        "0",
        "",
        "",
      ],
    ],
    [
      "two codings",
      () => [
        ...head("POST", "/workflows/served-orders/execute", "transfer-encoding: chunked, identity"),
        "",
        "0",
        "",
        "",
      ],
    ],
    [
      "two lengths",
      () => [
        ...head("POST", "/workflows/served-orders/execute", "content-length: 1", "content-length: 2"),
        "",
        "1",
      ],
    ],
    [
      "a length with a sign",
      () => [...head("POST", "/workflows/served-orders/execute", "content-length: +1"), "", "1"],
    ],
    [
      "a length below nothing",
      () => [...head("POST", "/workflows/served-orders/execute", "content-length: -1"), "", "1"],
    ],
    ["a header without a name", () => [...head("GET", "/workflows", ": x"), "", ""]],
    ["a space before the colon", () => [...head("GET", "/workflows", "x-a : 1"), "", ""]],
    ["a folded header", () => [...head("GET", "/workflows", "x-a: 1", " authorization: Bearer x"), "", ""]],
    ["two hosts", () => [...head("GET", "/workflows", "host: b"), "", ""]],
    [
      "a chunk whose length overflows",
      () => [
        ...head("POST", "/workflows/served-orders/execute", "transfer-encoding: chunked"),
        "",
        "ffffffffffffffffff",
        "x",
        "",
      ],
    ],
    ["HTTP/2 at once", () => ["PRI * HTTP/2.0", "", "SM", "", ""]],
    ["a request to be a proxy", () => [...head("CONNECT", "169.254.169.254:80"), "", ""]],
    ["a null in a header", () => [...head("GET", "/workflows", "x-a: \0"), "", ""]],
    ["a bare line feed", () => [...head("GET", "/workflows", "x-a: 1\nx-b: 2"), "", ""]],
  ])("such as %s is one request or none, and never two", async (_what, request) => {
    const smuggled = ["GET /healthz HTTP/1.1", "host: a", "connection: close", "", ""].join("\r\n");
    const answer = await exchange([request().join("\r\n"), smuggled].join(""));
    const statuses = Array.from(answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm), ([, status]) => Number(status));
    expect(statuses.every((status) => status < 500)).toBe(true);
    // The first was refused and its connection closed, or it was read whole and what follows is of its own.
    if (statuses[0] === 400) expect(statuses).toHaveLength(1);
    expect(statuses.length).toBeLessThanOrEqual(2);
  });
});

/** The start of a request with the root key. */
function head(method: string, path: string, ...headers: readonly string[]): readonly string[] {
  return [`${method} ${path} HTTP/1.1`, "host: a", `authorization: Bearer ${instance.rootKey}`, ...headers];
}

/** Sends bytes as they are over a connection of their own, and reads what comes back until it is closed. */
async function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(instance.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.end(Buffer.from(bytes, "latin1"));
  return await text(socket).catch(() => "");
}
