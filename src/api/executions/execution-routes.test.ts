import { describe, expect, test } from "vitest";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxIdempotencyKeyLength, maxPayloadBytes } from "../../domain/limits.ts";
import { maxEventBytes, maxWaitSeconds } from "../contract/limits.ts";
import { testCallbackToken } from "../testing/in-memory-executions.ts";
import { type AskOptions, readProblem, testApi } from "../testing/test-api.ts";

const jsonType = { "content-type": "application/json" };
const execute = "/workflows/order-sync/execute";
const prefer = (value: string): AskOptions => ({ headers: { prefer: value } });

describe("one execution", () => {
  test("callback URLs are returned only to keys that may manage the execution", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: { source: "export function run() {}" } });
    const { executionId } = (await (await ask("POST", "/workflows/order-sync/execute")).json()) as {
      executionId: string;
    };
    const path = `/executions/${executionId}/callbacks`;
    expect(await (await ask("GET", path)).json()).toMatchObject({ items: [{ callback: 0 }] });
    const json = { name: "reader", scopes: ["executions:read", "executions:run"] };
    const { key } = (await (await ask("POST", "/api-keys", { json })).json()) as { key: string };
    const refused = await ask("GET", path, { headers: { authorization: `Bearer ${key}` } });
    expect((await readProblem(refused)).code).toBe("forbidden");
  });

  test("a recording is returned, and one with callbacks only to keys that may manage the execution", async () => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    const path = `/executions/${executionId}/recording`;
    expect(await (await ask("GET", path)).json()).toMatchObject({
      format: "duranium-recording/1",
      executionId,
    });
    const json = { name: "reader", scopes: ["executions:read"] };
    const { key } = (await (await ask("POST", "/api-keys", { json })).json()) as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    expect((await readProblem(await ask("GET", path, { headers }))).code).toBe("forbidden");
    services.executions.end(executionId, { status: "completed", result: null });
    expect((await readProblem(await ask("GET", path, { headers }))).code).toBe("forbidden");
  });

  test("a step is returned by its index, and a missing index is reported", async () => {
    const { ask } = testApi();
    await ask("POST", "/workflows/order-sync/deploy", { json: { source: "export function run() {}" } });
    const { executionId } = (await (await ask("POST", "/workflows/order-sync/execute")).json()) as {
      executionId: string;
    };
    const step = await ask("GET", `/executions/${executionId}/steps/1`);
    expect(await step.json()).toMatchObject({ index: 1, operation: "fetch" });
    for (const index of ["2", "-1", "x", "1e3"]) {
      const refused = await ask("GET", `/executions/${executionId}/steps/${index}`);
      expect((await readProblem(refused)).code).toBe("step-not-found");
    }
  });
});

describe("an event", () => {
  test("is delivered, with null for an empty body", async () => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    const path = `/executions/${executionId}/events/approved`;
    const response = await ask("POST", path, { json: { by: "ann" } });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ executionId, event: "approved" });
    await ask("POST", path);
    expect(services.executions.events).toEqual([
      { executionId, name: "approved", payload: { by: "ann" } },
      { executionId, name: "approved", payload: null },
    ]);
  });

  test("is rejected if it is too large, has no valid name, or the execution has ended", async () => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    const send = async (name: string, payload: unknown) =>
      (await ask("POST", `/executions/${executionId}/events/${name}`, { json: payload })).status;
    expect(await send("approved", "x".repeat(maxEventBytes - 2))).toBe(202);
    expect(await send("approved", "x".repeat(maxEventBytes - 1))).toBe(413);
    expect(await send("not%20a%20name", 1)).toBe(400);
    services.executions.end(executionId, {});
    expect(await send("approved", 1)).toBe(409);
  });
});

describe("a callback", () => {
  test("requires its token and no key", async () => {
    const { app, services } = testApi();
    const post = async (token: string) =>
      (await app.request(`/callbacks/${token}`, { method: "POST", body: "{}", headers: jsonType })).status;
    expect(await post(testCallbackToken)).toBe(202);
    expect(await post("another")).toBe(404);
    expect(services.executions.events).toEqual([{ token: testCallbackToken, payload: {} }]);
  });
});

describe("POST execute", () => {
  test("responds immediately with the Location of the execution", async () => {
    const { ask } = testApi();
    const response = await ask("POST", `${execute}?entry-point=order-created`, { json: { orderId: 1 } });
    expect(response.status).toBe(202);
    const started = (await response.json()) as { executionId: string };
    expect(started).toEqual({
      executionId: expect.stringMatching(/^inv_/),
      workflowId: "order-sync",
      status: "scheduled",
    });
    expect(response.headers.get("location")).toBe(`/executions/${started.executionId}`);
    expect(response.headers.get("preference-applied")).toBeNull();
    expect(await (await ask("GET", `/executions/${started.executionId}`)).json()).toMatchObject({
      entryPoint: "order-created",
      input: { orderId: 1 },
    });
  });

  test("accepts an empty body as null, and a payload at the limit", async () => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    expect((await services.executions.get(executionId as never)).input).toBeNull();
    const payload = "x".repeat(maxPayloadBytes - 2);
    expect((await ask("POST", execute, { json: payload })).status).toBe(202);
  });

  test("with Prefer: wait responds with the result", async () => {
    const { ask, services } = testApi();
    const waiting = services.executions.someoneWaits();
    const answer = ask("POST", execute, prefer("wait=30"));
    await waiting;
    const executionId = "inv_000000000000000000000001";
    services.executions.end(executionId, { result: { total: 3 } });
    const response = await answer;
    expect(response.status).toBe(200);
    expect(response.headers.get("preference-applied")).toBe("wait=30");
    expect(response.headers.get("location")).toBe(`/executions/${executionId}`);
    expect(await response.json()).toEqual({
      executionId,
      workflowId: "order-sync",
      version: 1,
      status: "completed",
      result: { total: 3 },
      createdAt: "2026-01-31T09:30:00.000Z",
      modifiedAt: "2026-01-31T09:30:00.000Z",
      completedAt: "2026-01-31T09:30:00.000Z",
    });
  });

  test("with Prefer: wait responds with 200 for a failed execution", async () => {
    const { ask, services } = testApi();
    const waiting = services.executions.someoneWaits();
    const answer = ask("POST", execute, prefer("wait=30"));
    await waiting;
    const failure = { name: "TypeError", message: "x is not a function", stack: "at run (workflow.ts:3:5)" };
    services.executions.end("inv_000000000000000000000001", { status: "failed", failure });
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "failed", failure });
  });

  test("responds with 202 if the execution is still running after the wait", async () => {
    const { ask } = testApi();
    const response = await ask("POST", execute, prefer("wait=1"));
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBe("wait=1");
    expect(await response.json()).toMatchObject({ status: "running" });
  });

  test("responds with the applied wait in Preference-Applied", async () => {
    const { ask, services } = testApi();
    const waiting = services.executions.someoneWaits();
    const answer = ask("POST", execute, prefer(`wait=${maxWaitSeconds + 1}`));
    await waiting;
    services.executions.end("inv_000000000000000000000001", {});
    expect((await answer).headers.get("preference-applied")).toBe(`wait=${maxWaitSeconds}`);
  });

  test("with wait=0 responds immediately", async () => {
    const { ask } = testApi();
    const response = await ask("POST", execute, prefer("wait=0"));
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBe("wait=0");
  });

  test("with Prefer: wait responds with the current state when the API shuts down", async () => {
    const { ask, services, closing } = testApi();
    const waiting = services.executions.someoneWaits();
    const answer = ask("POST", execute, prefer("wait=300"));
    await waiting;
    closing.abort();
    expect((await answer).status).toBe(202);
    expect((await ask("POST", execute, prefer("wait=300"))).status).toBe(202);
  });

  test("stops waiting when the caller disconnects, without an error in the log", async () => {
    const { ask, services, logged } = testApi();
    const waiting = services.executions.someoneWaits();
    const gone = new AbortController();
    const answer = ask("POST", execute, { ...prefer("wait=300"), signal: gone.signal });
    await waiting;
    gone.abort();
    await answer;
    expect(logged).toEqual([]);
  });

  test("with a known idempotency key starts nothing and responds with the first execution", async () => {
    const { ask } = testApi();
    const keyed: AskOptions = { headers: { "idempotency-key": "k".repeat(maxIdempotencyKeyLength) } };
    const first = await ask("POST", execute, keyed);
    const second = await ask("POST", execute, keyed);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(await second.json()).toMatchObject({ status: "running" });
  });

  test.each([
    "schedule/nightly/2026-12-01T09:00:00.000Z",
    "fork/inv_1/2",
    '"reschedule/inv_1/2026-12-01T09:00:00.000Z"',
  ])("rejects the idempotency key %s, which would take the place of a run of a schedule", async (key) => {
    const { ask } = testApi();
    const response = await ask("POST", execute, { headers: { "idempotency-key": key } });
    expect(response.status).toBe(400);
  });

  test("treats a quoted and an unquoted idempotency key as equal", async () => {
    const { ask } = testApi();
    const location = async (key: string) =>
      (await ask("POST", execute, { headers: { "idempotency-key": key } })).headers.get("location");
    const [bare, quoted, other] = [
      await location("order-1"),
      await location('"order-1"'),
      await location('"order-2"'),
    ];
    expect(quoted).toBe(bare);
    expect(other).not.toBe(bare);
  });
});

const child = {
  executionId: "inv_0000000000000000000000ff" as ExecutionId,
  workflowId: "child" as WorkflowId,
};

describe("executions", () => {
  test("are returned with steps, result and times", async () => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    services.executions.end(executionId, {
      result: null,
      steps: [
        {
          index: 1,
          operation: "fetch",
          name: "fetch GET https://a.test/",
          outcome: "failed",
          startedAt: 0,
          endedAt: 1,
          wakesAt: 2,
          child,
          resultBytes: 7,
          error: { name: "TypeError", message: "fetch failed", code: "ECONNREFUSED" },
        },
      ],
      parent: child,
      children: [child],
      retryOf: child.executionId,
      retries: [child.executionId],
    });
    expect(await (await ask("GET", `/executions/${executionId}`)).json()).toEqual({
      executionId,
      workflowId: "order-sync",
      version: 1,
      status: "completed",
      caller: { id: "key-1", name: "root" },
      parent: child,
      children: [child],
      retryOf: child.executionId,
      retries: [child.executionId],
      waitingFor: [],
      attempts: 1,
      input: null,
      result: null,
      createdAt: "2026-01-31T09:30:00.000Z",
      modifiedAt: "2026-01-31T09:30:00.000Z",
      completedAt: "2026-01-31T09:30:00.000Z",
      steps: [
        {
          index: 1,
          operation: "fetch",
          name: "fetch GET https://a.test/",
          outcome: "failed",
          startedAt: "1970-01-01T00:00:00.000Z",
          endedAt: "1970-01-01T00:00:00.001Z",
          wakesAt: "1970-01-01T00:00:00.002Z",
          child,
          resultBytes: 7,
          error: { name: "TypeError", message: "fetch failed", code: "ECONNREFUSED" },
        },
      ],
    });
  });

  test("are listed by workflow and status, page by page", async () => {
    const { ask, services } = testApi();
    const ended = await startExecution(ask);
    services.executions.end(ended, {});
    const running = await startExecution(ask);
    await ask("POST", "/workflows/other/execute");
    const list = async (query: string) => {
      const page = (await (await ask("GET", `/executions?${query}`)).json()) as Listed;
      return { ids: page.items.map(({ executionId }) => executionId), cursor: page.cursor };
    };
    expect((await list("workflow=order-sync")).ids).toEqual([ended, running]);
    expect((await list("workflow=order-sync&status=completed")).ids).toEqual([ended]);
    const first = await list("workflow=order-sync&limit=1");
    expect(first.ids).toEqual([ended]);
    expect((await list(`workflow=order-sync&limit=1&cursor=${first.cursor}`)).ids).toEqual([running]);
  });

  test("can be cancelled once, while they are running", async () => {
    const { ask } = testApi();
    const executionId = await startExecution(ask);
    const response = await ask("POST", `/executions/${executionId}/cancel`);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ executionId });
    const again = await ask("POST", `/executions/${executionId}/cancel`);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: "execution-ended" });
  });

  test.each([
    [undefined, 1],
    [{ from: "start" }, 1],
    [{ from: "start", version: "same" }, 1],
    [{ version: "current" }, 2],
  ])("can be retried with %j once they have ended", async (json, version) => {
    const { ask, services } = testApi();
    const executionId = await startExecution(ask);
    const tooEarly = await ask("POST", `/executions/${executionId}/retry`, { json });
    expect(await tooEarly.json()).toMatchObject({ code: "execution-not-ended" });
    services.executions.end(executionId, { status: "failed" });
    const response = await ask("POST", `/executions/${executionId}/retry`, { json });
    expect(response.status).toBe(202);
    const retried = (await response.json()) as { executionId: string };
    expect(retried.executionId).not.toBe(executionId);
    expect(response.headers.get("location")).toBe(`/executions/${retried.executionId}`);
    expect(await (await ask("GET", `/executions/${retried.executionId}`)).json()).toMatchObject({ version });
  });
});

interface Listed {
  readonly items: readonly { readonly executionId: string }[];
  readonly cursor?: string;
}

async function startExecution(ask: ReturnType<typeof testApi>["ask"]): Promise<string> {
  const response = await ask("POST", execute);
  return ((await response.json()) as { executionId: string }).executionId;
}
