import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
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

/** An ingress that responds with these errors in order, and accepts every later request. */
async function startRestate(errors: readonly string[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    const message = errors[asked];
    asked += 1;
    response.writeHead(message === undefined ? 202 : 503, { "content-type": "application/json" });
    const accepted = { invocationId: "inv_1aBcDeFgHiJkLmNoPqRsT", status: "Accepted" };
    response.end(JSON.stringify(message === undefined ? accepted : { message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: createRestateClient({ ingress: { url }, admin: { url } }),
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
