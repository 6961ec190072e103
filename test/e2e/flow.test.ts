import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startRecordingTarget, workingSource } from "../support/recording-target.ts";
import type { RecordingTarget } from "../support/recording-target.ts";

/** Flow control against a target that records when it works on what. */
describe("flow control", () => {
  let instance: Instance;
  let target: RecordingTarget;
  beforeAll(async () => {
    instance = await startInstance();
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  /** Deploys the working workflow under a name of its own, with these settings, and a fresh target. */
  async function given(name: string, flow: unknown, source = workingSource): Promise<string> {
    target = await startRecordingTarget();
    await deploy(instance, name, source);
    const { status, body } = await instance.request("PUT", `/workflows/${name}/settings`, { body: { flow } });
    expect([status, body.flow ?? body]).toEqual([200, flow]);
    return name;
  }

  const start = async (workflow: string, payload: object) =>
    await startExecution(instance, workflow, { url: target.url, ...payload });
  const ends = async (ids: readonly string[]) =>
    await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));

  test("a total limits the executions that run, and all of them run", async () => {
    const workflow = await given("total", { concurrency: { total: 2 } });
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => await start(workflow, { name: `${n}` })),
    );
    const ended = await ends(ids);
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "completed"));
    expect([target.work.length, target.mostAtOnce()]).toEqual([8, 2]);
  });

  test("a limit for each key applies to each key, and executions with one key start in order", async () => {
    const workflow = await given("per-key", { concurrency: { perKey: 1, key: "/key" } });
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      for (const key of ["a", "b"]) ids.push(await start(workflow, { key, name: `${n}`, ms: 200 }));
    }
    await ends(ids);
    for (const key of ["a", "b"]) {
      expect(target.mostAtOnce(key)).toBe(1);
      expect(target.work.filter((each) => each.key === key).map(({ name }) => name)).toEqual([
        "0",
        "1",
        "2",
        "3",
      ]);
    }
    expect(target.mostAtOnce()).toBe(2);
  });

  test("an execution that waits is shown as queued, with its place and what blocks it", async () => {
    const workflow = await given("visible", { concurrency: { perKey: 1, key: "/key" } });
    const first = await start(workflow, { key: "42", ms: 3_000 });
    await target.arrived("GET /work");
    const waiting = [await start(workflow, { key: "42" }), await start(workflow, { key: "42" })];
    const [, last = ""] = waiting;
    const { queue } = await until(instance, last, (detail) => detail.queue?.position === 2);
    expect(queue).toEqual({
      queue: `workflow:${workflow}`,
      key: "42",
      stage: "slot",
      position: 2,
      blockedBy: [first],
      reason: '1 of 1 slots for "42" are taken',
    });
    const listed = await instance.request("GET", `/executions?workflow=${workflow}&status=queued`);
    expect(
      listed.body.items.map(({ executionId }: { executionId: string }) => executionId).toSorted(),
    ).toEqual(waiting.toSorted());
    const { body } = await instance.request("GET", `/queues/workflow:${workflow}`);
    expect(body).toMatchObject({ running: 1, queued: 2, limits: { perKey: 1 } });
    expect(body.byKey).toEqual([{ key: "42", running: 1, queued: 2 }]);
    expect(body.holders.map(({ executionId }: { executionId: string }) => executionId)).toEqual([first]);
    await ends([first, ...waiting]);
  });

  test("executions that are cancelled, killed in Restate or purged give their slots back", async () => {
    const workflow = await given("given-back", { concurrency: { total: 1 } });
    const hanging = 60_000;
    const cancelled = await start(workflow, { ms: hanging });
    await target.arrived("GET /work");
    const cancelledInQueue = await start(workflow, { ms: hanging });
    const killed = await start(workflow, { ms: hanging });
    const killedInQueue = await start(workflow, { ms: hanging });
    const last = await start(workflow, { name: "last" });
    await until(instance, cancelledInQueue, ({ status }) => status === "queued");
    await instance.request("POST", `/executions/${cancelledInQueue}/cancel`);
    await fetch(`${instance.restateAdminUrl}/invocations/${killedInQueue}/kill`, { method: "PATCH" });
    await instance.request("POST", `/executions/${cancelled}/cancel`);
    expect((await ends([cancelledInQueue, cancelled])).map(({ status }) => status)).toEqual([
      "cancelled",
      "cancelled",
    ]);
    await target.arrived("GET /work", 2);
    await fetch(`${instance.restateAdminUrl}/invocations/${killed}/kill`, { method: "PATCH" });
    await fetch(`${instance.restateAdminUrl}/invocations/${killed}/purge`, { method: "PATCH" });
    expect(await untilEnded(instance, last)).toMatchObject({ status: "completed" });
    await untilEmpty(`workflow:${workflow}`);
    expect(target.work.length).toBe(3);
  });

  test("a rate spaces the starts evenly, and its burst starts at once", async () => {
    const workflow = await given("rate", { rateLimit: { limit: 4, period: "PT2S", burst: 2 } });
    const ids = await Promise.all(Array.from({ length: 6 }, async () => await start(workflow, { ms: 0 })));
    const granted = (await ends(ids)).map(({ result }) => Number(result.at)).toSorted((a, b) => a - b);
    const spread = (granted.at(-1) ?? 0) - (granted[0] ?? 0);
    // Two start at once, the other four 500 ms apart.
    expect(spread).toBeGreaterThan(1_500);
  });

  test("a rate that rejects refuses requests with the time to wait, and skips other starts", async () => {
    const workflow = await given("rejecting", { rateLimit: { limit: 1, period: "PT1M", mode: "reject" } });
    await untilEnded(instance, await start(workflow, {}));
    const { status, body, headers } = await instance.request("POST", `/workflows/${workflow}/execute`, {
      body: { url: target.url },
    });
    expect([status, body.code]).toEqual([429, "rate-limited"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(30);
    await deploy(
      instance,
      "calls-rejecting",
      `export const run = (ctx) => ctx.call("rejecting", null).catch(({ code }) => code);`,
    );
    expect(await execute(instance, "calls-rejecting")).toMatchObject({ result: "skipped" });
  });

  test("a debounce runs the last of several executions, and the others name the one that replaced them", async () => {
    const workflow = await given("debounced", { debounce: { period: "PT1S", key: "/key" } });
    const ids: string[] = [];
    for (const name of ["one", "two", "three"]) ids.push(await start(workflow, { key: "a", name }));
    const other = await start(workflow, { key: "b", name: "other" });
    const [first, second, third] = await ends(ids);
    expect([first.status, second.status, third.status]).toEqual(["skipped", "skipped", "completed"]);
    expect(first.failure).toMatchObject({ code: "skipped", message: expect.stringContaining(ids[1] ?? "") });
    await untilEnded(instance, other);
    expect(target.work.map(({ name }) => name).toSorted()).toEqual(["other", "three"]);
  });

  test("a singleton skips a second execution with its key, and allows the next one after its end", async () => {
    const workflow = await given("single", { singleton: { key: "/key" } });
    const first = await start(workflow, { key: "a", ms: 1_500 });
    await target.arrived("GET /work");
    const second = await execute(instance, workflow, { url: target.url, key: "a" });
    expect(second).toMatchObject({ status: "skipped", failure: { message: expect.stringContaining(first) } });
    expect(await execute(instance, workflow, { url: target.url, key: "b" })).toMatchObject({
      status: "completed",
    });
    await untilEnded(instance, first);
    expect(await execute(instance, workflow, { url: target.url, key: "a" })).toMatchObject({
      status: "completed",
    });
  });

  test("a singleton that cancels ends the running execution before the new one starts", async () => {
    const workflow = await given("cancelling", { singleton: { mode: "cancel-running" } });
    const first = await start(workflow, { ms: 60_000 });
    await target.arrived("GET /work");
    const second = await start(workflow, { name: "second" });
    expect((await ends([first, second])).map(({ status }) => status)).toEqual(["cancelled", "completed"]);
  });

  test("a batch runs once with the payloads of its executions, in order", async () => {
    const source = `export const run = (_ctx, payloads) => payloads.map(({ name }) => name);`;
    const workflow = await given("batched", { batch: { size: 3, period: "PT1S" } }, source);
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d"]) ids.push(await start(workflow, { name }));
    const ended = await ends(ids);
    expect(ended.map(({ status }) => status)).toEqual(["completed", "skipped", "skipped", "completed"]);
    expect([ended[0].result, ended[3].result]).toEqual([["a", "b", "c"], ["d"]]);
  });

  test("higher priorities start first, and keys take turns", async () => {
    const workflow = await given("fair", {
      concurrency: { total: 1, key: "/key" },
      priority: { key: "/priority" },
    });
    const blocker = await start(workflow, { name: "blocker", ms: 2_500 });
    await target.arrived("GET /work");
    const ids: string[] = [];
    for (const name of ["a1", "a2", "a3", "b1"]) {
      ids.push(await start(workflow, { key: name[0], name, ms: 0, priority: 0 }));
    }
    ids.push(await start(workflow, { key: "c", name: "urgent", ms: 0, priority: 5 }));
    await ends([blocker, ...ids]);
    expect(target.work.map(({ name }) => name)).toEqual(["blocker", "urgent", "a1", "b1", "a2", "a3"]);
  });

  test("a limit that workflows share applies to both, and can be raised while executions wait", async () => {
    await instance.request("PUT", "/limits/shared", { body: { total: 1 } });
    const one = await given("shares-one", { limits: ["shared"] });
    const both = target;
    const other = await given("shares-other", { limits: ["shared"] });
    const started = [one, other, one, other].map(
      async (workflow) => await startExecution(instance, workflow, { url: both.url, ms: 300 }),
    );
    await ends(await Promise.all(started));
    expect([both.work.length, both.mostAtOnce()]).toEqual([4, 1]);
    const blocked = [await startExecution(instance, one, { url: both.url, ms: 3_000 })];
    await both.arrived("GET /work", 5);
    blocked.push(await startExecution(instance, other, { url: both.url, ms: 0 }));
    await instance.request("PUT", "/limits/shared", { body: { total: 2 } });
    await both.arrived("GET /work", 6);
    await ends(blocked);
    expect(both.mostAtOnce()).toBe(2);
  });

  test("an operator pauses, drains and purges a queue, and overrides its limits", async () => {
    const workflow = await given("operated", { concurrency: { total: 1 } });
    const path = `/queues/workflow:${workflow}`;
    const first = await start(workflow, { ms: 60_000 });
    await target.arrived("GET /work");
    const second = await start(workflow, { ms: 60_000 });
    await until(instance, second, ({ status }) => status === "queued");
    const raised = await instance.request("PATCH", path, { body: { override: { total: 2 } } });
    expect(raised.body).toMatchObject({ limits: { total: 2 }, override: { total: 2 } });
    await target.arrived("GET /work", 2);
    await instance.request("PATCH", path, { body: { paused: true, note: "maintenance" } });
    await instance.request("PATCH", path, { body: { override: { total: 5 } } });
    const third = await start(workflow, { ms: 0 });
    const { queue } = await until(instance, third, (detail) => detail.queue !== undefined);
    expect(queue.reason).toBe("an operator has paused the queue");
    await instance.request("POST", `${path}/purge`, { body: {} });
    expect(await untilEnded(instance, third)).toMatchObject({ status: "skipped" });
    for (const id of [first, second]) await instance.request("POST", `/executions/${id}/cancel`);
    await ends([first, second]);
    await instance.request("PATCH", path, { body: { paused: false, override: null } });
    const drained = await instance.request("POST", `${path}/drain`, { body: {} });
    expect(drained.body).toMatchObject({ paused: { by: expect.any(String) } });
  });

  test("a paused execution gives its slot back, and counts again when it is resumed", async () => {
    const workflow = await given("paused", { concurrency: { total: 1 } }, sleepingSource);
    const first = await start(workflow, { name: "first" });
    await until(instance, first, ({ status }) => status === "suspended");
    await instance.request("POST", `/executions/${first}/pause`);
    expect(await execute(instance, workflow, { name: "second", event: "done", ms: 1 })).toMatchObject({
      status: "completed",
    });
    await instance.request("POST", `/executions/${first}/resume`);
    await instance.request("POST", `/executions/${first}/events/done`, { body: null });
    expect(await untilEnded(instance, first)).toMatchObject({ status: "completed" });
    await untilEmpty(`workflow:${workflow}`);
  });

  test("an execution that only waits releases its slot, and acquires one before it continues", async () => {
    const source = `
      export async function run(ctx, { url, name }) {
        const work = async () => await (await fetch(url + "/work?ms=300&name=" + name)).text();
        await work();
        await ctx.sleep(1_500);
        await work();
        return name;
      }`;
    const workflow = await given("active", { concurrency: { total: 1, holds: "active" } }, source);
    const ids = await Promise.all(["a", "b"].map(async (name) => await start(workflow, { name })));
    expect((await ends(ids)).map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect([target.work.length, target.mostAtOnce()]).toEqual([4, 1]);
    // Both did their first part before one did its second.
    expect(new Set(target.work.slice(0, 2).map(({ name }) => name)).size).toBe(2);
    await untilEmpty(`workflow:${workflow}`);
  });

  test("slots survive a process that is killed, and those of its executions are given back", async () => {
    const workflow = await given("crashed", { concurrency: { total: 1 } });
    const ids = [await start(workflow, { name: "first", ms: 800 })];
    await target.arrived("GET /work");
    for (const name of ["second", "third"]) ids.push(await start(workflow, { name, ms: 10 }));
    await instance.kill();
    await instance.start();
    expect((await ends(ids)).map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
    await untilEmpty(`workflow:${workflow}`);
    expect(target.work.map(({ name }) => name).slice(-2)).toEqual(["second", "third"]);
  });

  test("an execution retried from the failed step acquires a slot anew and repeats its decisions", async () => {
    const source = `
      export async function run(ctx, { url }) {
        const at = Date.now();
        await ctx.sleep(1);
        const response = await fetch(url + "/flaky?at=" + at);
        if (!response.ok) throw new Error("flaky");
        return at;
      }`;
    const workflow = await given("retried", { concurrency: { total: 1 } }, source);
    const failed = await untilEnded(instance, await start(workflow, {}));
    expect(failed.status).toBe("failed");
    const { body } = await instance.request("POST", `/executions/${failed.executionId}/retry`, {
      body: { from: "failed-step" },
    });
    await untilEnded(instance, body.executionId);
    const [one, other] = target.seen.map(({ path }) => path);
    expect(other).toBe(one);
    await untilEmpty(`workflow:${workflow}`);
  });

  test("flow control that the code declares applies from its deploy on, and errors in it name their place", async () => {
    target = await startRecordingTarget();
    await deploy(instance, "declares", `export const flow = { concurrency: { total: 1 } };${workingSource}`);
    const ids = await Promise.all([0, 1, 2].map(async () => await start("declares", {})));
    await ends(ids);
    expect(target.mostAtOnce()).toBe(1);
    const source = `export const flow = { rateLimit: { limit: 0, period: "soon" } };${workingSource}`;
    await expect(deploy(instance, "declares", source)).rejects.toThrow(/flow\.rateLimit\.(?:limit|period)/);
  });

  async function untilEmpty(queue: string): Promise<void> {
    for (;;) {
      const { body } = await instance.request("GET", `/queues/${queue}`);
      if (body.running + body.queued === 0) return;
      await delay(100);
    }
  }
});

/** Waits for an event, or for a time. */
const sleepingSource = `
export async function run(ctx, { ms }) {
  if (ms === undefined) await ctx.waitForEvent("done");
  else await ctx.sleep(ms);
  return null;
}
`;
