import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startExecution, deploy, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

const source = `
export async function run(ctx, url) {
  const sleeping = ctx.sleep("1s");
  const response = await fetch(url + "/order", { method: "POST", body: "once" });
  await sleeping;
  const second = await fetch(url + "/receipt");
  return [await response.text(), await second.text()];
}`;

const replayed = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };

test.for([
  ["as it runs usually", {}],
  ["replayed at every await", replayed],
] as const)(
  "a process that is asked to stop, %s, waits for a fetch, accepts no new work, and does not repeat the fetch after its next start",
  async ([, environment]) => {
    await using shop = await startShop();
    await using instance = await startInstance({ DURANIUM_DRAIN_TIMEOUT_SECONDS: "600", ...environment });
    await deploy(instance, "order", source);
    const executionId = await startExecution(instance, "order", shop.url);
    const order = await shop.next();
    const stopped = instance.stop();
    await untilStopping(instance);
    expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 503 });
    expect(await instance.request("POST", "/workflows/order/execute", { body: shop.url })).toMatchObject({
      status: 503,
      body: { code: "overloaded", detail: expect.stringContaining("server is shutting down") },
    });
    order.end("ordered");
    expect(await stopped).toBe(0);
    expect(instance.output()).not.toMatch(/error|warn/i);
    await instance.start();
    (await shop.next()).end("receipt");
    expect(await untilEnded(instance, executionId)).toMatchObject({
      status: "completed",
      result: ["ordered", "receipt"],
    });
    expect(shop.seen).toEqual(["POST /order", "GET /receipt"]);
  },
);

test("a process that is killed while it waits for a fetch repeats only that fetch after its next start", async () => {
  await using shop = await startShop();
  await using instance = await startInstance({ DURANIUM_DRAIN_TIMEOUT_SECONDS: "600", ...replayed });
  await deploy(instance, "order", source);
  const executionId = await startExecution(instance, "order", shop.url);
  (await shop.next()).end("ordered");
  await shop.next();
  const stopped = instance.stop();
  await untilStopping(instance);
  await instance.kill();
  await stopped;
  await instance.start();
  (await shop.next()).end("receipt");
  expect(await untilEnded(instance, executionId)).toMatchObject({
    status: "completed",
    result: ["ordered", "receipt"],
  });
  expect(shop.seen).toEqual(["POST /order", "GET /receipt", "GET /receipt"]);
});

test("a process stops after the drain period if a server does not respond, and repeats the fetch after its next start", async () => {
  await using shop = await startShop();
  await using instance = await startInstance({ DURANIUM_DRAIN_TIMEOUT_SECONDS: "3" });
  await deploy(instance, "order", source);
  await startExecution(instance, "order", shop.url);
  await shop.next();
  expect(await instance.stop()).toBe(0);
  expect(instance.output()).not.toContain("write after end");
  await instance.start();
  (await shop.next()).end("ordered");
  (await shop.next()).end("receipt");
  expect(shop.seen).toEqual(["POST /order", "POST /order", "GET /receipt"]);
});

async function untilStopping(instance: Instance): Promise<void> {
  while (!instance.output().includes("stopping")) await new Promise((resolve) => setImmediate(resolve));
}

/** A server whose responses the test gives, one request at a time. */
async function startShop() {
  const seen: string[] = [];
  const waiting: ServerResponse[] = [];
  let arrived: (() => void) | undefined;
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    waiting.push(response);
    arrived?.();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async next(): Promise<ServerResponse> {
      for (;;) {
        const response = waiting.shift();
        if (response !== undefined) return response;
        await new Promise<void>((resolve) => (arrived = resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
