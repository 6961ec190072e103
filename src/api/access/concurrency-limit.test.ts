import { describe, expect, test } from "vitest";
import type { OverloadReason } from "../contract/services.ts";
import { inMemoryServices } from "../testing/in-memory-services.ts";
import { readProblem, testApi } from "../testing/test-api.ts";

const execute = "/workflows/order-sync/execute";
const overloadReason = { what: "10 executions are queued", retryAfterSeconds: 7 };

function apiUnder(load: () => OverloadReason | undefined, maxRequests = 10) {
  return testApi({ overload: { load: { overloadReason: load }, maxRequests } });
}

describe("under overload", () => {
  test("requests that create work are rejected with Retry-After and are not logged as errors", async () => {
    const { ask, logged } = apiUnder(() => overloadReason);
    const refused = await ask("POST", execute, { json: 1 });
    expect(refused.headers.get("retry-after")).toBe("7");
    expect(await readProblem(refused)).toMatchObject({
      code: "overloaded",
      detail: "Cannot accept the request: 10 executions are queued; try again in 7 s",
    });
    const statuses = await Promise.all(
      ["/executions/inv_000000000000000000000001/retry", "/executions/retry", "/webhooks/some-token"].map(
        async (path) => (await ask("POST", path, { json: {} })).status,
      ),
    );
    expect(statuses).toEqual([503, 503, 503]);
    expect(logged).toEqual([]);
  });

  test("a rejected request starts nothing and is accepted once there is capacity", async () => {
    let load: OverloadReason | undefined = overloadReason;
    const { ask } = apiUnder(() => load);
    await ask("POST", execute);
    load = undefined;
    expect(await (await ask("GET", "/executions")).json()).toEqual({ items: [] });
    expect((await ask("POST", execute)).status).toBe(202);
  });

  test("executions can be read, sent events and cancelled", async () => {
    let load: OverloadReason | undefined;
    const { ask } = apiUnder(() => load);
    const { executionId } = (await (await ask("POST", execute)).json()) as { executionId: string };
    load = overloadReason;
    expect((await ask("GET", `/executions/${executionId}`)).status).toBe(200);
    expect((await ask("POST", `/executions/${executionId}/events/go`, { json: 1 })).status).toBe(202);
    expect((await ask("POST", `/executions/${executionId}/cancel`)).status).toBe(202);
  });
});

describe("requests in flight", () => {
  test("their number is limited, reads have twice the limit, and health checks always get a response", async () => {
    const { executions } = inMemoryServices();
    const { promise: canBegin, resolve: letBegin } = Promise.withResolvers<void>();
    const startLater: typeof executions.execute = async (request) => {
      await canBegin;
      return await executions.execute(request);
    };
    const overload = { load: { overloadReason: () => undefined }, maxRequests: 2 };
    const { ask } = testApi({ overload, executions: { ...executions, execute: startLater } });
    const answers = [ask("POST", execute), ask("POST", execute)];
    expect(await readProblem(await ask("POST", execute))).toMatchObject({
      code: "overloaded",
      detail: "Cannot accept the request: 2 requests are under way; try again in 1 s",
    });
    expect((await ask("GET", "/executions")).status).toBe(200);
    for (const path of ["/healthz", "/readyz", "/metrics"]) expect((await ask("GET", path)).status).toBe(200);
    letBegin();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await ask("POST", execute)).status).toBe(202);
  });
});

describe("requests that wait for an execution", () => {
  const headers = { prefer: "wait=300" };

  test("they do not count as requests in flight", async () => {
    const { ask, services, closing } = apiUnder(() => undefined, 2);
    const answers: Promise<Response>[] = [];
    for (let request = 0; request < 5; request++) {
      const waits = services.executions.someoneWaits();
      answers.push(ask("POST", execute, { headers }));
      await waits;
    }
    services.executions.end("inv_000000000000000000000001", {});
    expect((await answers[0])?.status).toBe(200);
    closing.abort();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 202, 202, 202, 202]);
  });

  test("their number per key is limited, and further ones get a response without waiting", async () => {
    const limits = { maxRequests: 10, maxWaiting: 3, maxWaitingPerKey: 2 };
    const { ask, services, closing } = testApi({
      overload: { load: { overloadReason: () => undefined }, ...limits },
    });
    const { key } = (await (await ask("POST", "/api-keys", { json: { name: "other" } })).json()) as {
      key: string;
    };
    const answers: Promise<Response>[] = [];
    const wait = async (more = {}) => {
      const waits = services.executions.someoneWaits();
      answers.push(ask("POST", execute, { headers: { ...headers, ...more } }));
      await waits;
    };
    await wait();
    await wait();
    const unwaited = await ask("POST", execute, { headers });
    expect(unwaited.status).toBe(202);
    expect(unwaited.headers.has("preference-applied")).toBe(false);
    await wait({ authorization: `Bearer ${key}` });
    closing.abort();
    for (const answer of await Promise.all(answers))
      expect(answer.headers.get("preference-applied")).toBe("wait=300");
  });
});
