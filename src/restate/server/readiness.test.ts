import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { untilReady } from "./readiness.ts";

/** A server whose partitions have a leader from the given request for one on, and which responds late. */
async function startRestate({
  leaderFrom,
  lateMs,
}: {
  readonly leaderFrom: number;
  readonly lateMs: number;
}) {
  let asked = 0;
  let pending = 0;
  let mostPending = 0;
  const server = createServer((request, response) => {
    request.resume();
    const isForLeader = request.url?.startsWith("/restate/invocation/") === true;
    if (isForLeader) asked += 1;
    const status = !isForLeader ? 200 : asked >= leaderFrom ? 404 : 503;
    mostPending = Math.max(mostPending, ++pending);
    void delay(lateMs).then(() => {
      pending -= 1;
      response.writeHead(status).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return {
    addresses: { ingress: address, admin: address },
    asked: () => asked,
    mostPending: () => mostPending,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a server that responds late is ready after a few of its responses", async () => {
  await using restate = await startRestate({ leaderFrom: 0, lateMs: 100 });
  await untilReady(restate.addresses, 60_000);
  // One response after the other would take more than six seconds.
  expect(restate.mostPending()).toBeGreaterThan(10);
});

test("a server is not ready before all of its partitions have leaders, or in time", async () => {
  await using restate = await startRestate({ leaderFrom: 30, lateMs: 0 });
  await untilReady(restate.addresses, 60_000);
  expect(restate.asked()).toBeGreaterThanOrEqual(30 + 64 - 16);
  await using without = await startRestate({ leaderFrom: Infinity, lateMs: 0 });
  await expect(untilReady(without.addresses, 100)).rejects.toThrow("did not become healthy within 0.1 s");
});
