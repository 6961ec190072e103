import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { testKey } from "../../../src/api/testing/in-memory-services.ts";
import { testApi } from "../../../src/api/testing/test-api.ts";
import { ProblemError, createClient } from "../src/index.ts";
import type { LogEvent } from "../src/index.ts";

const source = "export async function run() { return 1; }";

/** A client of the real API, with nothing between them. */
function testClient() {
  const { app, services } = testApi();
  const fetch = async (input: string | URL | Request, init?: RequestInit) => await app.request(input, init);
  return { client: createClient({ baseUrl: "http://duranium.test", key: testKey, fetch }), services };
}

describe("the client", () => {
  test("the client sends parameters, bodies and the key, and resolves to the response body", async () => {
    const { client } = testClient();
    const params = { path: { workflowId: "greet" } };
    const deployed = await client.post("/workflows/{workflowId}/deploy", { params, body: { source } });
    expect(deployed).toMatchObject({ workflowId: "greet", version: 1, unchanged: false });
    const { items } = await client.get("/workflows", { params: { query: { limit: 5 } } });
    expect(items.map(({ workflowId }) => workflowId)).toEqual(["greet"]);
    expect(await client.delete("/workflows/{workflowId}", { params })).toBeUndefined();
  });

  test("send() returns status and headers", async () => {
    const { client } = testClient();
    const params = { path: { workflowId: "greet" } };
    await client.post("/workflows/{workflowId}/deploy", { params, body: { source } });
    const { body, response } = await client.send("post", "/workflows/{workflowId}/execute", {
      params,
      body: null,
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(`/executions/${body.executionId}`);
  });

  test("the client rejects with the API's problem document", async () => {
    const { client } = testClient();
    const asked = client.get("/workflows/{workflowId}", { params: { path: { workflowId: "missing" } } });
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: "workflow-not-found", status: 404, diagnostics: [] });
    expect((error as ProblemError).message).toContain("missing");
  });

  test.each(["..", ".", ""])(
    "the client rejects the path parameter %j without a request",
    async (workflowId) => {
      const { client } = testClient();
      await expect(
        client.get("/workflows/{workflowId}", { params: { path: { workflowId } } }),
      ).rejects.toThrow(`Cannot send a request with "${workflowId}" as its workflowId`);
    },
  );

  test("the client encodes slashes and question marks in a parameter", async () => {
    const { client } = testClient();
    const asked = client.get("/workflows/{workflowId}", { params: { path: { workflowId: "a/versions?x" } } });
    await expect(asked).rejects.toMatchObject({ code: "invalid-workflow-id" });
  });

  test.each([
    [502, "<h1>Bad gateway</h1>"],
    [200, "<h1>Log in</h1>"],
    [500, "null"],
  ])("the client rejects a proxy's response (%d %s) as unexpected-answer", async (status, text) => {
    await using server = await serve((_request, response) => response.writeHead(status).end(text));
    await expect(createClient({ baseUrl: server.url }).get("/workflows")).rejects.toMatchObject({
      code: "unexpected-answer",
      status,
      message: expect.stringContaining(text) as string,
    });
  });

  test("the client rejects with unreachable and the URL if there is no response", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(createClient({ baseUrl: server.url }).get("/workflows")).rejects.toMatchObject({
      code: "unreachable",
      status: 0,
      message: expect.stringMatching(/^Cannot reach Duranium at http:\/\/127.*ECONNREFUSED/) as string,
    });
  });

  test("the client does not send its key to the target of a redirect", async () => {
    const seen: unknown[] = [];
    await using other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end("{}");
    });
    await using server = await serve((_request, response) =>
      response.writeHead(307, { location: `${other.url}/workflows` }).end(),
    );
    const client = createClient({ baseUrl: server.url, key: "secret" });
    await expect(client.get("/workflows")).rejects.toMatchObject({ code: "unreachable" });
    expect(seen).toEqual([]);
  });

  test("the client stops waiting when its signal aborts", async () => {
    await using server = await serve(() => undefined);
    const asked = createClient({ baseUrl: server.url }).get("/workflows", {
      signal: AbortSignal.timeout(50),
    });
    await expect(asked).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("following a log", () => {
  test("following a log resumes after the last line if the connection breaks, and ends with the execution", async () => {
    const seen: unknown[] = [];
    await using server = await serve((request, response) => {
      seen.push(request.headers["last-event-id"]);
      response.writeHead(200, { "content-type": "text/event-stream" });
      const begin =
        seen.length === 1 ? [line(0), line(1)] : [line(2), `event: end\ndata: {"status":"failed"}\n\n`];
      response.end(begin.join(""));
    });
    const events: LogEvent[] = [];
    for await (const event of createClient({ baseUrl: server.url }).followLogs("inv_1")) events.push(event);
    expect(seen).toEqual([undefined, "1"]);
    expect(events.map((event) => (event.kind === "line" ? event.line.number : event.status))).toEqual([
      0,
      1,
      2,
      "failed",
    ]);
  });

  test("following a log rejects immediately for a missing execution", async () => {
    const { client } = testClient();
    const first = client.followLogs("inv_1nothing").next();
    await expect(first).rejects.toBeInstanceOf(ProblemError);
  });
});

function line(number: number): string {
  return `id: ${number}\ndata: ${JSON.stringify({ number, level: "info", arguments: [] })}\n\n`;
}

/** A server on loopback that answers as a test wants it. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
