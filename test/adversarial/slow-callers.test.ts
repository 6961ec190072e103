import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startApi } from "../../src/api/server.ts";
import { testKey } from "../../src/api/testing/in-memory-services.ts";
import { testApi } from "../../src/api/testing/test-api.ts";

/** Clients that open connections and then send slowly. */
describe("three hundred connections", () => {
  test.each<[what: string, first: string, more: string]>([
    ["that say nothing", "", ""],
    ["whose request line trickles", "GET /heal", "t"],
    ["whose headers trickle", "GET /healthz HTTP/1.1\r\nhost: a\r\n", "x-a: 1\r\n"],
    [
      "whose body trickles",
      `POST /workflows/a/execute HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKey}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`,
      " ",
    ],
    [
      "whose chunks trickle",
      `POST /workflows/a/execute HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKey}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      "1\r\n \r\n",
    ],
  ])("%s do not block other callers, and are closed", async (_what, first, more) => {
    const { app, logged } = testApi({ rateLimits: { perKey: 10_000, perAddress: 10_000 } });
    const timeouts = { headersMs: 400, requestMs: 800, keepAliveMs: 400 };
    await using server = await startApi({ app, host: "127.0.0.1", port: 0, timeouts });
    const { hostname, port } = new URL(server.url);
    const sockets = Array.from({ length: 300 }, () => connect(Number(port), hostname));
    const closed = Promise.all(sockets.map(untilClosed));
    for (const socket of sockets) socket.write(first);
    const trickle = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write(more)), 50);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await closed;
    clearInterval(trickle);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(logged).toEqual([]);
  });
});

async function untilClosed(socket: Socket): Promise<void> {
  socket.on("error", () => {});
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
}
