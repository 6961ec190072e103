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
    ["Restate did not accept it", notLeader, undefined],
    ["Restate may have accepted it and it has an idempotency key", lost, "key"],
  ])("is retried if %s", async (_what, message, idempotencyKey) => {
    await using restate = await startRestate([message, message]);
    const sent = await restate.client.send(target, toJsonText(null), { idempotencyKey });
    expect(sent).toEqual({ executionId: "inv_1aBcDeFgHiJkLmNoPqRsT", replayed: false });
    expect(restate.asked()).toBe(3);
  });

  test.each([
    ["Restate may have accepted it and it has no idempotency key", lost],
    ["the error is another one", "Service 'Workflow' not found"],
  ])("is not retried if %s", async (_what, message) => {
    await using restate = await startRestate([message]);
    await expect(restate.client.send(target, toJsonText(null))).rejects.toMatchObject({
      code: "restate-unavailable",
      message: `Restate responded with status 503: ${message}`,
    });
    expect(restate.asked()).toBe(1);
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
    const client = createRestateClient({ ingress: { url: server.url }, admin: { url: server.url } });
    expect(await client.has("inv_1aBcDeFgHiJkLmNoPqRsT" as ExecutionId)).toBe(expected);
  },
);

test("a response that Restate cuts off is a server that is not reachable", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"rows":[');
    setImmediate(() => response.destroy());
  });
  const client = createRestateClient({ ingress: { url: server.url }, admin: { url: server.url } });
  await expect(client.query("SELECT 1")).rejects.toMatchObject({
    code: "restate-unavailable",
    message: `Restate's admin API at ${server.url} is not reachable`,
  });
});

/** An ingress that responds with these errors in order, and accepts every later request. */
async function startRestate(errors: readonly string[]) {
  let asked = 0;
  const server = await startServer((request, response) => {
    request.resume();
    const message = errors[asked];
    asked += 1;
    response.writeHead(message === undefined ? 202 : 503, { "content-type": "application/json" });
    const accepted = { invocationId: "inv_1aBcDeFgHiJkLmNoPqRsT", status: "Accepted" };
    response.end(JSON.stringify(message === undefined ? accepted : { message }));
  });
  const { url } = server;
  return {
    client: createRestateClient({ ingress: { url }, admin: { url } }),
    asked: () => asked,
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
