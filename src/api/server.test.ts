import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { maxPayloadBytes } from "../domain/limits.ts";
import { type ProblemBody, problem } from "./http/problem-schema.ts";
import { type ServerTimeouts, startApi } from "./server.ts";
import { testKey } from "./testing/in-memory-services.ts";
import { testApi } from "./testing/test-api.ts";

const authorization = `Bearer ${testKey}`;

describe("the server", () => {
  test("serves the application at its reported URL", async () => {
    await using server = await serve();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${server.url}/workflows`, { headers: { authorization } });
    expect(await response.json()).toEqual({ items: [] });
  });

  test("reports a URL that can be opened when it listens on all addresses", async () => {
    await using server = await startApi({ app: testApi().app, host: "0.0.0.0", port: 0 });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test("rejects with Node's error code if it cannot listen", async () => {
    await using server = await serve();
    const port = Number(new URL(server.url).port);
    await expect(startApi({ app: testApi().app, host: "127.0.0.1", port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test("does not modify globals of the process", async () => {
    const { Request, Response } = globalThis;
    await using server = await serve();
    await fetch(`${server.url}/healthz`);
    expect(globalThis.Request).toBe(Request);
    expect(globalThis.Response).toBe(Response);
  });

  test("rejects a large body by its Content-Length without reading it", async () => {
    await using server = await serve();
    const length = maxPayloadBytes + 1;
    const answer = await send(server.url, [...executeHead, `content-length: ${length}`, "", ""]);
    expect(answer.status).toBe(413);
    expect(answer.problem.code).toBe("body-too-large");
  });

  test("rejects a body of unknown length once it exceeds the limit", async () => {
    await using server = await serve();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
    });
    const headers = { authorization, "content-type": "application/json" };
    const url = `${server.url}/workflows/order-sync/execute`;
    const response = await fetch(url, { method: "POST", body, headers, duplex: "half" });
    expect(response.status).toBe(413);
  });

  test("accepts a payload at the limit", async () => {
    await using server = await serve();
    const body = JSON.stringify("x".repeat(maxPayloadBytes - 2));
    const headers = { authorization, "content-type": "application/json" };
    const response = await fetch(`${server.url}/workflows/order-sync/execute`, {
      method: "POST",
      body,
      headers,
    });
    expect(response.status).toBe(202);
  });

  test.each<[string, string[], number, ProblemBody["code"]]>([
    ["what is no HTTP", ["hello", "", ""], 400, "malformed-http"],
    ["an unknown method", ["FROB / HTTP/1.1", "host: a", "", ""], 400, "malformed-http"],
    ["a request without a host", ["GET / HTTP/1.1", "", ""], 400, "malformed-http"],
    ["a host that is none", ["GET / HTTP/1.1", "host: a/b", "", ""], 400, "malformed-http"],
    ["a backslash in the path", ["GET /a\\b HTTP/1.1", "host: a", "", ""], 400, "malformed-http"],
    [
      "Content-Length together with chunked encoding",
      ["POST / HTTP/1.1", "host: a", "content-length: 1", "transfer-encoding: chunked", "", "0", "", ""],
      400,
      "malformed-http",
    ],
    [
      "headers beyond 16 KiB",
      ["GET / HTTP/1.1", "host: a", `x: ${"y".repeat(17_000)}`, "", ""],
      431,
      "headers-too-large",
    ],
    ["a path that is badly encoded", ["GET /%zz HTTP/1.1", "host: a", "", ""], 400, "invalid-request"],
  ])("responds to %s with a problem document", async (_what, lines, status, code) => {
    await using server = await serve();
    const answer = await send(server.url, lines);
    expect(answer.status).toBe(status);
    expect(answer.problem).toMatchObject({ status, code });
  });

  test("ignores unknown Expect headers", async () => {
    await using server = await serve();
    const answer = await send(server.url, ["GET /none HTTP/1.1", "host: a", "expect: wonders", "", ""]);
    expect(answer.status).toBe(401);
  });

  test("sends no response to pipelined data before that of the pending request", async () => {
    const api = testApi();
    await using server = await startApi({ ...where, app: api.app });
    const { hostname, port } = new URL(server.url);
    const waiting = api.services.executions.someoneWaits();
    const socket = connect(Number(port), hostname);
    socket.write([...executeHead, "prefer: wait=300", "", ""].join("\r\n"));
    await waiting;
    socket.write("garbage\r\n\r\n");
    expect(await text(socket)).toBe("");
  });

  test("closes a connection whose headers arrive too slowly", async () => {
    await using server = await serve({ headersMs: 200, requestMs: 400 });
    const answer = await send(server.url, ["GET / HTTP/1.1", "host: a", "x: "], { end: false });
    expect(answer.problem).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("closes a connection whose body arrives too slowly", async () => {
    await using server = await serve({ headersMs: 200, requestMs: 400 });
    const answer = await send(server.url, [...executeHead, "content-length: 10", "", "{"], { end: false });
    expect(answer.problem).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("the timeout of requests does not apply to responses", async () => {
    const api = testApi();
    await using server = await startApi({
      ...where,
      app: api.app,
      timeouts: { headersMs: 100, requestMs: 100 },
    });
    const response = await fetch(`${server.url}/workflows/order-sync/execute`, {
      method: "POST",
      headers: { authorization, prefer: "wait=1" },
    });
    expect(response.status).toBe(202);
  });
});

describe("a caller that disconnects", () => {
  test("ends the wait for an execution, and the execution continues", async () => {
    const api = testApi();
    await using server = await startApi({ ...where, app: api.app });
    const { executions } = api.services;
    const [waiting, givingUp] = [executions.someoneWaits(), executions.someoneGivesUp()];
    const caller = new AbortController();
    const answer = fetch(`${server.url}/workflows/order-sync/execute`, {
      method: "POST",
      headers: { authorization, prefer: "wait=300" },
      signal: caller.signal,
    });
    await waiting;
    caller.abort();
    await expect(answer).rejects.toThrow("aborted");
    await givingUp;
    const [execution] = (await executions.list({}, { limit: 1 })).items;
    expect(execution?.status).toBe("running");
    expect(api.logged).toEqual([]);
  });
});

describe("closing the server", () => {
  test("closes idle keep-alive connections", async () => {
    const server = await serve();
    await (await fetch(`${server.url}/healthz`)).text();
    await server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow("fetch failed");
  });

  test("waits for requests in flight", async () => {
    const api = testApi();
    const server = await startApi({ ...where, app: api.app, timeouts: { closeMs: 60_000 } });
    const waiting = api.services.executions.someoneWaits();
    const answer = fetch(`${server.url}/workflows/order-sync/execute`, {
      method: "POST",
      headers: { authorization, prefer: "wait=300" },
    });
    await waiting;
    const closed = server.close();
    api.closing.abort();
    expect((await answer).status).toBe(202);
    await closed;
  });

  test("closes connections after the timeout", async () => {
    const api = testApi();
    const server = await startApi({ ...where, app: api.app, timeouts: { closeMs: 50 } });
    const waiting = api.services.executions.someoneWaits();
    const answer = fetch(`${server.url}/workflows/order-sync/execute`, {
      method: "POST",
      headers: { authorization, prefer: "wait=300" },
    });
    const dropped = expect(answer).rejects.toThrow("fetch failed");
    await waiting;
    await server.close();
    await dropped;
    expect(api.logged).toEqual([]);
  });

  test("can be called twice", async () => {
    const server = await serve();
    await Promise.all([server.close(), server.close()]);
  });
});

const where = { host: "127.0.0.1", port: 0 };

const executeHead = [
  "POST /workflows/order-sync/execute HTTP/1.1",
  "host: a",
  `authorization: ${authorization}`,
  "content-type: application/json",
];

function serve(timeouts: Partial<ServerTimeouts> = {}) {
  return startApi({ ...where, app: testApi().app, timeouts });
}

/** Sends raw lines over a new connection, and reads until the connection is closed. */
async function send(url: string, lines: readonly string[], { end = true } = {}) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(lines.join("\r\n"));
  if (end) socket.end();
  const answer = await text(socket);
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head.toLowerCase()).toContain("content-type: application/problem+json");
  return { status: Number(head.split(" ")[1]), problem: problem.parse(JSON.parse(body)) };
}
