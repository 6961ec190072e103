import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { ExecutionId } from "../../domain/ids.ts";
import { toJsonText } from "../../base/json.ts";
import { createRestateClient } from "./restate-client.ts";

const target = { object: "Workflow", key: "orders", handler: "execute" };
const notLeader =
  "Error when routing the request internally. Reason: rpc for partition 1 at node N1:2 failed: not leader";
const lost =
  "Error when routing the request internally. Reason: rpc for partition 1 at node N1:1 failed: node N1:1 was shut down or removed";

describe("a request for which Restate finds no leader", () => {
  test.each([
    ["did not accept it", notLeader, undefined],
    ["may have accepted it", lost, undefined],
    ["may have accepted it and its caller gave it a key", lost, "key"],
  ])("is retried with the same idempotency key if Restate %s", async (_what, message, idempotencyKey) => {
    await using restate = await startRestate([message, message]);
    const sent = await restate.client.send(target, toJsonText(null), { idempotencyKey });
    expect(sent).toEqual({ executionId: "inv_1aBcDeFgHiJkLmNoPqRsT", replayed: false });
    const [first, ...others] = restate.keys;
    expect(first).toEqual(idempotencyKey ?? expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(others).toEqual([first, first]);
  });

  test("is not retried if the error is another one", async () => {
    const message = "Service 'Workflow' not found";
    await using restate = await startRestate([message]);
    await expect(restate.client.send(target, toJsonText(null))).rejects.toMatchObject({
      code: "restate-unavailable",
      message: `Restate responded with status 503: ${message}`,
    });
    expect(restate.keys).toHaveLength(1);
  });

  test("is not retried if it may have been accepted and cannot be repeated", async () => {
    await using restate = await startRestate([lost]);
    const id = "inv_1aBcDeFgHiJkLmNoPqRsT" as ExecutionId;
    await expect(restate.client.restart(id, 3)).rejects.toMatchObject({ code: "restate-unavailable" });
    expect(restate.keys).toHaveLength(1);
  });
});

describe("a query during a change of leaders", () => {
  test.each([
    "Datafusion error: External error: connect throttled; 2.19s left in throttling window",
    "Datafusion error: External error: handshake failed: tcp connect error",
    "Datafusion error: External error: node N1:2 was shut down or removed",
    "Datafusion error: Internal error: External error: partition 3 doesn't exist on this node",
    "Internal error: expecting a partition store for partition 3",
    "No such scanner sys_invocation",
  ])("is repeated after %j", async (message) => {
    await using restate = await startRestate([message, message]);
    expect(await restate.client.query("SELECT 1")).toEqual([]);
    expect(restate.keys).toHaveLength(3);
  });

  test("is not repeated if the query is wrong", async () => {
    await using server = await startServer((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ message: "no such column" }));
    });
    await expect(clientOf(server.url).query("SELECT x")).rejects.toMatchObject({
      message: "Restate responded with status 400: no such column",
    });
  });

  test("is not repeated if it asks for an id that is none", async () => {
    await using restate = await startRestate(["External error: non valid invocation id 'inv_1x'"]);
    expect(await restate.client.query("SELECT 1")).toEqual([]);
    expect(restate.keys).toHaveLength(1);
  });
});

test.each([
  [true, 200, "", {}],
  [true, 470, "the invocation exists but has not completed yet", {}],
  [true, 500, "it failed", { "x-restate-error-source": "invocation" }],
  [false, 404, "invocation not found", {}],
  [false, 400, "bad invocation id 'inv_x': bad length", {}],
])(
  "whether an invocation exists is %s if its output is answered with %s %s",
  async (expected, status, message, headers) => {
    await using server = await startServer((_request, response) => {
      response.writeHead(status, headers).end(JSON.stringify({ code: status, message }));
    });
    const client = clientOf(server.url);
    expect(await client.has("inv_1aBcDeFgHiJkLmNoPqRsT" as ExecutionId)).toBe(expected);
  },
);

test("a response that Restate cuts off is a server that is not reachable", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"rows":[');
    setImmediate(() => response.destroy());
  });
  const client = clientOf(server.url);
  await expect(client.query("SELECT 1")).rejects.toMatchObject({
    code: "restate-unavailable",
    message: `Restate's admin API at ${server.url} is not reachable`,
  });
});

function clientOf(url: string) {
  return createRestateClient({ ingress: [{ url }], admin: [{ url }] });
}

/** A Restate server that responds with these errors in order, and accepts every later request. */
async function startRestate(errors: readonly string[]) {
  const keys: unknown[] = [];
  const server = await startServer((request, response) => {
    request.resume();
    const message = errors[keys.length];
    keys.push(request.headers["idempotency-key"]);
    response.writeHead(message === undefined ? 202 : 503, { "content-type": "application/json" });
    const accepted = { invocationId: "inv_1aBcDeFgHiJkLmNoPqRsT", status: "Accepted" };
    response.end(JSON.stringify(message === undefined ? { ...accepted, rows: [] } : { message }));
  });
  const { url } = server;
  return {
    client: clientOf(url),
    /** The idempotency key of each request. */
    keys,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}

async function startServer(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
