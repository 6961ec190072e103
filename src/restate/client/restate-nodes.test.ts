import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { toJsonText } from "../../base/json.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { createRestateAdmin } from "./restate-admin.ts";
import { createRestateClient } from "./restate-client.ts";
import { createRestateNodes, ingressApi } from "./restate-nodes.ts";

const target = { object: "Workflow", key: "orders", handler: "execute" };
const id = "inv_1aBcDeFgHiJkLmNoPqRsT" as ExecutionId;

/** What a node does with a request. */
type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

const accept: Behaviour = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ invocationId: id, new_invocation_id: id, status: "Accepted", rows: [] }));
};
const reset: Behaviour = (response) => response.destroy();
const resetInBody: Behaviour = (response) => {
  response.writeHead(200, { "content-length": "1000" }).write('{"rows":[');
  setImmediate(() => response.destroy());
};
const fail =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end('{"message":"it failed"}');
const hang: Behaviour = () => {};

describe("a request to a cluster", () => {
  test.each([
    ["resets the connection", reset],
    ["resets the connection in the middle of its response", resetInBody],
    ["responds with 500", fail(500)],
    ["responds with 503", fail(503)],
  ])("is served by another node if one %s", async (_what, behaviour) => {
    await using broken = await startNode(behaviour);
    await using healthy = await startNode(accept);
    const client = clientOf(broken.url, healthy.url);
    for (let count = 0; count < 4; count += 1) {
      expect(await client.send(target, toJsonText(null))).toEqual({ executionId: id, replayed: false });
      expect(await client.query("SELECT 1")).toEqual([]);
    }
    expect(broken.keys.length).toBeGreaterThan(0);
    // The repeated requests have the keys of those that failed.
    const sends = broken.keys.filter((key) => key !== undefined);
    expect(healthy.keys).toEqual(expect.arrayContaining(sends));
    expect(new Set(healthy.keys.filter((key) => key !== undefined)).size).toBe(4);
  });

  test("is served by another node if one refuses connections", async () => {
    const refusing = await startNode(accept);
    await refusing[Symbol.asyncDispose]();
    await using healthy = await startNode(accept);
    const client = clientOf(refusing.url, healthy.url);
    for (let count = 0; count < 4; count += 1) expect(await client.restart(id, 3)).toBe(id);
    expect(healthy.keys).toHaveLength(4);
    expect(await client.problems()).toEqual([]);
  });

  test("is not repeated if it may have been processed and has no idempotency key", async () => {
    await using one = await startNode(reset);
    await using other = await startNode(reset);
    await expect(clientOf(one.url, other.url).restart(id, 3)).rejects.toMatchObject({
      code: "restate-unavailable",
      message: `Restate's admin API at ${one.url}, ${other.url} is not reachable`,
    });
    expect(one.keys.length + other.keys.length).toBe(1);
  });

  test("is not repeated if the handler failed", async () => {
    const failing = fail(500, { "x-restate-error-source": "invocation" });
    await using one = await startNode(failing);
    await using other = await startNode(failing);
    await expect(clientOf(one.url, other.url).call(target, null)).rejects.toThrow("it failed");
    expect(one.keys.length + other.keys.length).toBe(1);
  });

  test("fails with the last response if every node fails", async () => {
    await using one = await startNode(fail(500));
    await using other = await startNode(fail(500));
    await expect(clientOf(one.url, other.url).call(target, null)).rejects.toMatchObject({
      code: "restate-unavailable",
      message: "Restate responded with status 500: it failed",
    });
    expect(one.keys.length + other.keys.length).toBe(2);
  });

  test("is distributed among the nodes", async () => {
    await using one = await startNode(accept);
    await using other = await startNode(accept);
    const client = clientOf(one.url, other.url);
    for (let count = 0; count < 6; count += 1) await client.send(target, toJsonText(null));
    expect(one.keys).toHaveLength(3);
    expect(other.keys).toHaveLength(3);
  });
});

describe("a node that accepts requests and does not respond", () => {
  const watch = { intervalMs: 20, timeoutMs: 100 };

  test("loses its requests to another node", async () => {
    await using silent = await startNode(hang, { isHealthy: false });
    await using healthy = await startNode(accept);
    await using nodes = createRestateNodes([{ url: silent.url }, { url: healthy.url }], ingressApi, watch);
    const statuses = await Promise.all(
      Array.from({ length: 4 }, async () => await statusOf(nodes, { isRepeatable: true })),
    );
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(silent.keys.length).toBeGreaterThan(0);
  });

  test("keeps its requests as long as it is healthy", async () => {
    let checks = 0;
    // The response comes after more health checks than a node may miss.
    const later: Behaviour = (response, request) => {
      if (checks < 5) setTimeout(() => later(response, request), 20);
      else accept(response, request);
    };
    const nodeOptions = { isHealthy: true, onCheck: () => (checks += 1) };
    await using slow = await startNode(later, nodeOptions);
    await using other = await startNode(later, nodeOptions);
    await using nodes = createRestateNodes([{ url: slow.url }, { url: other.url }], ingressApi, watch);
    expect(await statusOf(nodes, { isRepeatable: false })).toBe(200);
    expect(slow.keys.length + other.keys.length).toBe(1);
  });

  test("does not hold a request whose caller has given up", async () => {
    const caller = new AbortController();
    const giveUp: Behaviour = () => caller.abort();
    await using one = await startNode(giveUp);
    await using other = await startNode(giveUp);
    const client = clientOf(one.url, other.url);
    await expect(client.attach(id, caller.signal)).rejects.toMatchObject({ name: "AbortError" });
    expect(one.keys.length + other.keys.length).toBe(1);
  });
});

test("a node that failed is left out until it has had time to return", async () => {
  await using returning = await startNode(reset);
  await using healthy = await startNode(accept);
  const client = clientOf(returning.url, healthy.url);
  while (returning.keys.length === 0) await client.send(target, toJsonText(null));
  returning.behaveLike(accept);
  await client.send(target, toJsonText(null));
  await client.send(target, toJsonText(null));
  expect(returning.keys).toHaveLength(1);
  while (returning.keys.length < 3) await client.send(target, toJsonText(null));
});

test("the proxy to the admin API reads from another node and does not repeat changes", async () => {
  await using broken = await startNode(reset);
  await using healthy = await startNode(accept);
  await using admin = createRestateAdmin([{ url: broken.url }, { url: healthy.url }]);
  const ask = async (method: string) =>
    await admin.request({ method, target: "/deployments", headers: {}, signal: AbortSignal.timeout(60_000) });
  for (let count = 0; count < 2; count += 1) {
    const { status, body } = await ask("GET");
    await body.cancel();
    expect(status).toBe(200);
  }
  await using other = await startNode(reset);
  await using changing = createRestateAdmin([{ url: broken.url }, { url: other.url }]);
  const before = broken.keys.length + other.keys.length;
  const request = { method: "PATCH", target: `/invocations/${id}/cancel`, headers: {} };
  await expect(changing.request({ ...request, signal: AbortSignal.timeout(60_000) })).rejects.toMatchObject({
    code: "restate-unavailable",
  });
  expect(broken.keys.length + other.keys.length).toBe(before + 1);
});

test("a cluster has a problem only if no node is healthy", async () => {
  await using ill = await startNode(accept, { isHealthy: false });
  await using healthy = await startNode(accept);
  expect(await clientOf(ill.url, healthy.url).problems()).toEqual([]);
  await healthy[Symbol.asyncDispose]();
  const client = clientOf(ill.url, healthy.url);
  expect(await client.problems()).toEqual([
    expect.stringContaining(`Restate's ingress at ${healthy.url} is not reachable`),
    expect.stringContaining(`Restate's admin API at ${healthy.url} is not reachable`),
  ]);
});

test("the health of each node is known: of one that is ill, of one that ended, and of one that is left out", async () => {
  await using ill = await startNode(accept, { isHealthy: false });
  await using healthy = await startNode(accept);
  await using failing = await startNode(reset);
  const ended = await startNode(accept);
  await ended[Symbol.asyncDispose]();
  const urls = [ill.url, healthy.url, failing.url, ended.url];
  const client = clientOf(...urls);
  const health = async (api: string) =>
    (await client.health()).filter((each) => each.api === api).map(({ address, isUp }) => [address, isUp]);
  const unused = urls.map((url) => [url, url === healthy.url || url === failing.url]);
  expect(await health("ingress")).toEqual(unused);
  expect(await health("admin")).toEqual(unused);
  await using nodes = createRestateNodes([{ url: healthy.url }, { url: failing.url }], ingressApi);
  while (failing.keys.length === 0) await statusOf(nodes, { isRepeatable: true });
  expect(await nodes.health()).toEqual([
    { address: healthy.url, isUp: true },
    { address: failing.url, isUp: false },
  ]);
});

function clientOf(...urls: readonly string[]) {
  const addresses = urls.map((url) => ({ url }));
  return createRestateClient({ ingress: addresses, admin: addresses });
}

async function statusOf(
  nodes: ReturnType<typeof createRestateNodes>,
  options: { readonly isRepeatable: boolean },
): Promise<number> {
  return await nodes.request(async ({ url, dispatcher, signal }) => {
    const request = { origin: url, path: "/", method: "GET", signal: signal ?? null } as const;
    const { statusCode, body } = await dispatcher.request(request);
    await body.dump();
    return statusCode;
  }, options);
}

/** @param isHealthy false: it does not respond to health checks */
async function startNode(
  given: Behaviour,
  { isHealthy = true, onCheck = () => {} }: { isHealthy?: boolean; onCheck?: () => void } = {},
) {
  let behaviour = given;
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith("/health") === true) {
      onCheck();
      if (isHealthy) response.end("{}");
      return;
    }
    keys.push(request.headers["idempotency-key"]);
    behaviour(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The idempotency key of each request, in order. */
    keys,
    behaveLike(next: Behaviour) {
      behaviour = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
