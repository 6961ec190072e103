import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startRecordingTarget, workingSource } from "../support/recording-target.ts";
import type { RecordingTarget } from "../support/recording-target.ts";

/** Flow control against a target that records when it works on what. */
describe("flow control", () => {
  let instance: Instance;
  let target: RecordingTarget;
  beforeAll(async () => {
    instance = await sharedInstance();
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  /** Deploys the working workflow under a name of its own, with these settings, and a fresh target. */
  async function given(name: string, flow: unknown, source = workingSource): Promise<string> {
    target = await startRecordingTarget();
    await deploy(instance, name, source);
    await setFlow(name, flow);
    return name;
  }

  async function setFlow(workflow: string, flow: unknown): Promise<void> {
    const path = `/workflows/${workflow}/settings`;
    const { status, body } = await instance.request("PUT", path, { body: { flow } });
    expect([status, body.flow ?? body]).toEqual([200, flow]);
  }

  const start = async (workflow: string, payload: object) =>
    await startExecution(instance, workflow, { url: target.url, ...payload });
  const untilQueued = async (workflow: string, count: number) => {
    const queued = async () => (await instance.request("GET", `/queues/workflow:${workflow}`)).body.queued;
    while ((await queued()) !== count) await delay(20);
  };
  /**
   * Starts an execution and waits until `count` are queued. Executions may reach the queue in another order than that in
   * which they were started.
   */
  const startQueued = async (workflow: string, count: number, payload: object) => {
    const id = await start(workflow, payload);
    await untilQueued(workflow, count);
    return id;
  };
  const ends = async (ids: readonly string[]) =>
    await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));

  test("a total limits the executions that run, and all of them run", async () => {
    const workflow = await given("total", { concurrency: { total: 2 } });
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => await start(workflow, { name: `${n}`, ms: "held" })),
    );
    await target.arrived("GET /work", 2);
    target.release();
    const ended = await ends(ids);
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "completed"));
    expect([target.work.length, target.mostAtOnce()]).toEqual([8, 2]);
  });

  test("a limit for each key applies to each key, and executions with one key start in order", async () => {
    const workflow = await given("per-key", { concurrency: { perKey: 1, key: "/key" } });
    const ids: string[] = [];
    for (const key of ["a", "b"]) ids.push(await start(workflow, { key, name: "0", ms: "held" }));
    await target.arrived("GET /work", 2);
    for (const name of ["1", "2", "3"])
      for (const key of ["a", "b"]) ids.push(await startQueued(workflow, ids.length - 1, { key, name }));
    target.release();
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

  test("executions start in the order in which they were accepted, although their requests reach the queue in another one", async () => {
    const workflow = await given("accepted", { concurrency: { perKey: 1, key: "/key" } });
    const names = Array.from({ length: 10 }, (_, index) => String(index));
    await instance.request("PATCH", `/queues/workflow:${workflow}`, { body: { paused: true } });
    const ids: string[] = [];
    for (const name of names) {
      // A long payload is read for longer than several executions take to be accepted and to request a slot.
      const fill = Number(name) % 4 === 0 ? "long ".repeat(700_000) : "";
      const body = { url: target.url, key: "a", name, ms: 0, fill };
      const headers = Number(name) % 3 === 0 ? { "idempotency-key": `accepted-${name}` } : {};
      const answer = await instance.request("POST", `/workflows/${workflow}/execute`, { body, headers });
      expect(answer.status).toBe(202);
      ids.push(answer.body.executionId);
    }
    await untilQueued(workflow, names.length);
    await instance.request("PATCH", `/queues/workflow:${workflow}`, { body: { paused: false } });
    await ends(ids);
    expect(target.work.map(({ name }) => name)).toEqual(names);
    // The queue has read the places of others without an attempt that failed, which Restate's SDK would warn of.
    expect(instance.output()).not.toContain(`Queue/workflow:${workflow}/`);
  });

  test("an execution that waits is shown as queued, with its place and what blocks it", async () => {
    const workflow = await given("visible", { concurrency: { perKey: 1, key: "/key" } });
    const first = await start(workflow, { key: "42", ms: "held" });
    await target.arrived("GET /work");
    const waiting: string[] = [];
    for (const count of [1, 2]) waiting.push(await startQueued(workflow, count, { key: "42" }));
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
    target.release();
    await ends([first, ...waiting]);
  });

  test("executions that are cancelled, killed in Restate or purged give their slots back", async () => {
    const workflow = await given("given-back", { concurrency: { total: 1 } });
    const cancelled = await start(workflow, { ms: "held" });
    await target.arrived("GET /work");
    const cancelledInQueue = await startQueued(workflow, 1, { ms: "held" });
    const killed = await startQueued(workflow, 2, { ms: "held" });
    const killedInQueue = await startQueued(workflow, 3, { ms: "held" });
    const last = await startQueued(workflow, 4, { name: "last" });
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
    const begun = Date.now();
    const ids = await Promise.all(Array.from({ length: 6 }, async () => await start(workflow, { ms: 0 })));
    const granted = (await ends(ids)).map(({ result }) => Number(result.at));
    // Two start at once, the other four 500 ms apart. On a busy machine the first may learn of it later than that.
    expect(Math.max(...granted) - begun).toBeGreaterThan(1_900);
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
    const workflow = await given("debounced", { debounce: { period: "PT3S", key: "/key" } });
    const ids: string[] = [];
    for (const name of ["one", "two", "three"]) {
      const id = await start(workflow, { key: "a", name });
      await until(instance, id, ({ status }) => status === "queued");
      ids.push(id);
    }
    const other = await start(workflow, { key: "b", name: "other" });
    const [first, second, third] = await ends(ids);
    expect([first.status, second.status, third.status]).toEqual(["skipped", "skipped", "completed"]);
    expect(first.failure).toMatchObject({ code: "skipped", message: expect.stringContaining(ids[1] ?? "") });
    await untilEnded(instance, other);
    expect(target.work.map(({ name }) => name).toSorted()).toEqual(["other", "three"]);
  });

  test("a singleton skips a second execution with its key, and allows the next one after its end", async () => {
    const workflow = await given("single", { singleton: { key: "/key" } });
    const first = await start(workflow, { key: "a", ms: "held" });
    await target.arrived("GET /work");
    const second = await execute(instance, workflow, { url: target.url, key: "a" });
    expect(second).toMatchObject({ status: "skipped", failure: { message: expect.stringContaining(first) } });
    expect(await execute(instance, workflow, { url: target.url, key: "b" })).toMatchObject({
      status: "completed",
    });
    target.release();
    await untilEnded(instance, first);
    expect(await execute(instance, workflow, { url: target.url, key: "a" })).toMatchObject({
      status: "completed",
    });
  });

  test("a singleton that cancels ends the running execution before the new one starts", async () => {
    const workflow = await given("cancelling", { singleton: { mode: "cancel-running" } });
    const first = await start(workflow, { ms: "held" });
    await target.arrived("GET /work");
    const second = await start(workflow, { name: "second" });
    expect((await ends([first, second])).map(({ status }) => status)).toEqual(["cancelled", "completed"]);
  });

  test("a batch runs once with the payloads of its executions, in order", async () => {
    const source = `export const run = (_ctx, payloads) => payloads.map(({ name }) => name);`;
    const workflow = await given("batched", batchOf("PT1H"), source);
    const ids: string[] = [];
    for (const [place, name] of ["a", "b"].entries()) {
      ids.push(await startQueued(workflow, place + 1, { name }));
    }
    ids.push(await start(workflow, { name: "c" }));
    await ends(ids);
    await setFlow(workflow, batchOf("PT1S"));
    ids.push(await start(workflow, { name: "d" }));
    const ended = await ends(ids);
    expect(ended.map(({ status }) => status)).toEqual(["completed", "skipped", "skipped", "completed"]);
    expect([ended[0].result, ended[3].result]).toEqual([["a", "b", "c"], ["d"]]);
  });

  test("higher priorities start first, and keys take turns", async () => {
    const workflow = await given("fair", {
      concurrency: { total: 1, key: "/key" },
      priority: { key: "/priority" },
    });
    const blocker = await start(workflow, { name: "blocker", ms: "held" });
    await target.arrived("GET /work");
    const ids: string[] = [];
    for (const name of ["a1", "a2", "a3", "b1", "urgent"]) {
      const priority = name === "urgent" ? 5 : 0;
      const payload = { key: name[0], name, ms: 0, priority };
      ids.push(await startQueued(workflow, ids.length + 1, payload));
    }
    target.release();
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
    const blocked = [await startExecution(instance, one, { url: both.url, ms: "held" })];
    await both.arrived("GET /work", 5);
    blocked.push(await startExecution(instance, other, { url: both.url, ms: 0 }));
    await instance.request("PUT", "/limits/shared", { body: { total: 2 } });
    await both.arrived("GET /work", 6);
    both.release();
    await ends(blocked);
    expect(both.mostAtOnce()).toBe(2);
  });

  test("an operator pauses, drains and purges a queue, and overrides its limits", async () => {
    const workflow = await given("operated", { concurrency: { total: 1 } });
    const path = `/queues/workflow:${workflow}`;
    const first = await start(workflow, { ms: "held" });
    await target.arrived("GET /work");
    const second = await start(workflow, { ms: "held" });
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

  test("a drained queue starts what waited, and holds what arrives until it is resumed", async () => {
    const workflow = await given("drained", { concurrency: { total: 1 } });
    const path = `/queues/workflow:${workflow}`;
    const first = await start(workflow, { name: "first", ms: "held" });
    await target.arrived("GET /work");
    const second = await start(workflow, { name: "second", ms: "held" });
    await until(instance, second, ({ status }) => status === "queued");
    const { body } = await instance.request("POST", `${path}/drain`, { body: { note: "upgrade" } });
    expect(body).toMatchObject({ draining: { by: "root", note: "upgrade" }, running: 1, queued: 1 });
    const later = await start(workflow, { name: "later", ms: 0 });
    await until(instance, later, ({ status }) => status === "queued");
    await instance.request("POST", `/executions/${first}/cancel`);
    await target.arrived("GET /work", 2);
    const drained = (await instance.request("GET", path)).body;
    expect(drained).toMatchObject({ paused: { by: "root", note: "upgrade" }, running: 1, queued: 1 });
    expect(drained).not.toHaveProperty("draining");
    await instance.request("POST", `/executions/${second}/cancel`);
    await ends([first, second]);
    const { queue } = (await instance.request("GET", `/executions/${later}`)).body;
    expect(queue.reason).toBe("an operator has paused the queue");
    await instance.request("PATCH", path, { body: { paused: false } });
    expect(await untilEnded(instance, later)).toMatchObject({ status: "completed" });
    expect(target.work.map(({ name }) => name)).toEqual(["first", "second", "later"]);
    const { body: audit } = await instance.request("GET", `/audit-log?workflow=${workflow}`);
    const ofQueue = audit.items.filter(({ action }: { action: string }) => action.endsWith("Queue"));
    expect(ofQueue).toMatchObject([
      { action: "changeQueue", subject: path, workflowId: workflow, status: 200 },
      { action: "drainQueue", subject: `${path}/drain`, workflowId: workflow, status: 200 },
    ]);
  });

  test("a deleted workflow leaves nothing in queues, and what it has waiting ends as skipped", async () => {
    await instance.request("PUT", "/limits/deleted", { body: { total: 1 } });
    const neighbour = await given("neighbour", { limits: ["deleted"] });
    const workflow = await given("deleted", { concurrency: { total: 2 }, limits: ["deleted"] });
    const holder = await start(neighbour, { ms: "held" });
    await target.arrived("GET /work");
    const waiting = await start(workflow, {});
    await until(instance, waiting, ({ queue }) => queue?.queue === "shared:deleted");
    const debounced = await given("deleted-later", { debounce: { period: "PT1H" } });
    const pending = await start(debounced, {});
    await until(instance, pending, ({ status }) => status === "queued");
    for (const name of [workflow, debounced]) {
      await instance.request("PUT", `/schedules/${name}`, {
        body: { workflowId: name, spec: { every: "P1D" } },
      });
      await instance.request("PUT", `/alerts/rules/${name}`, {
        body: {
          workflow: name,
          on: { kind: "first-failure" },
          channels: [{ kind: "workflow", workflow: name }],
        },
      });
      expect((await instance.request("DELETE", `/workflows/${name}`)).status).toBe(204);
    }
    for (const id of [waiting, pending]) {
      expect(await untilEnded(instance, id)).toMatchObject({
        status: "skipped",
        failure: { message: expect.stringContaining("its workflow was deleted before it started") },
      });
    }
    for (const name of [workflow, debounced]) {
      for (const path of [`/queues/workflow:${name}`, `/schedules/${name}`, `/alerts/rules/${name}`])
        await untilMissing(path);
    }
    expect((await instance.request("GET", "/queues/shared:deleted")).body).toMatchObject({
      running: 1,
      queued: 0,
    });
    await instance.request("POST", `/executions/${holder}/cancel`);
    await untilEnded(instance, holder);
    await untilEmpty("shared:deleted");
  });

  test("a paused execution gives its slot back, and acquires one again before it is resumed", async () => {
    await instance.request("PUT", "/limits/paused-too", { body: { total: 1 } });
    const flow = { concurrency: { total: 1 }, limits: ["paused-too"] };
    const workflow = await given("paused", flow, waitingSource);
    const first = await start(workflow, { name: "first", event: "go" });
    await until(instance, first, ({ status }) => status === "suspended");
    await instance.request("POST", `/executions/${first}/pause`);
    const second = await start(workflow, { name: "second", ms: "held" });
    await target.arrived("GET /work");
    await instance.request("POST", `/executions/${first}/events/go`, { body: null });
    expect((await instance.request("POST", `/executions/${first}/resume`)).status).toBe(202);
    const waiting = await until(instance, first, ({ queue }) => queue !== undefined);
    expect(waiting).toMatchObject({ status: "paused", queue: { stage: "slot", blockedBy: [second] } });
    // To pause it again calls that off, and of two further requests one has an effect.
    await instance.request("POST", `/executions/${first}/pause`);
    await until(instance, first, ({ queue }) => queue === undefined);
    for (let n = 0; n < 2; n += 1) await instance.request("POST", `/executions/${first}/resume`);
    target.release();
    expect((await ends([first, second])).map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(target.work.map(({ name }) => name)).toEqual(["second", "first"]);
    expect(target.mostAtOnce()).toBe(1);
    for (const queue of [`workflow:${workflow}`, "shared:paused-too"]) await untilEmpty(queue);
  });

  test("an execution that only waits releases its slot, and acquires one before it continues", async () => {
    const source = `
      export async function run(ctx, { url, name }) {
        const work = async () => await (await fetch(url + "/work?ms=300&name=" + name)).text();
        await work();
        await Promise.all([ctx.sleep(100), ctx.waitForEvent("go")]);
        await work();
        return name;
      }`;
    const workflow = await given("active", { concurrency: { total: 1, holds: "active" } }, source);
    const ids = await Promise.all(["a", "b"].map(async (name) => await start(workflow, { name })));
    await target.arrived("GET /work", 2);
    for (const id of ids) await instance.request("POST", `/executions/${id}/events/go`, { body: null });
    expect((await ends(ids)).map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect([target.work.length, target.mostAtOnce()]).toEqual([4, 1]);
    // Both did their first part before one did its second.
    expect(new Set(target.work.slice(0, 2).map(({ name }) => name)).size).toBe(2);
    await untilEmpty(`workflow:${workflow}`);
  });

  test("slots survive a process that is killed, and those of its executions are given back", async () => {
    const workflow = await given("crashed", { concurrency: { total: 1 } });
    const ids = [await start(workflow, { name: "first", ms: "held" })];
    await target.arrived("GET /work");
    for (const name of ["second", "third"])
      ids.push(await startQueued(workflow, ids.length, { name, ms: 10 }));
    await instance.kill();
    target.release();
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

  test("a paused workflow holds new executions and retries back, in order, and started ones continue", async () => {
    target = await startRecordingTarget();
    const workflow = "held";
    await deploy(instance, workflow, steppingSource);
    const failed = await untilEnded(instance, await start(workflow, { events: [], fails: true }));
    const started = await start(workflow, { name: "started", events: ["go"] });
    await until(instance, started, ({ version }) => version !== undefined);
    const pause = { note: "maintenance" };
    const { body } = await instance.request("POST", `/workflows/${workflow}/pause`, { body: pause });
    expect(body.paused).toEqual({ at: expect.any(String), by: "root", running: false, ...pause });
    const { body: listed } = await instance.request("GET", `/workflows?workflow=${workflow}`);
    expect(listed.items[0].paused).toEqual(body.paused);
    const held: string[] = [];
    for (const name of ["first", "second"]) held.push(await startQueued(workflow, held.length + 1, { name }));
    const { body: retry } = await instance.request("POST", `/executions/${failed.executionId}/retry`, {
      body: { from: "failed-step" },
    });
    for (const id of [...held, retry.executionId]) {
      const { queue } = await until(instance, id, (detail) => detail.queue !== undefined);
      expect(queue).toMatchObject({
        queue: `workflow:${workflow}`,
        reason: "the workflow is paused by root: maintenance",
      });
    }
    await instance.request("PATCH", `/queues/workflow:${workflow}`, { body: { paused: false } });
    await instance.request("POST", `/executions/${started}/events/go`, { body: null });
    expect(await untilEnded(instance, started)).toMatchObject({ status: "completed" });
    expect((await instance.request("GET", `/executions/${held[0]}`)).body.status).toBe("queued");
    const resumed = await instance.request("POST", `/workflows/${workflow}/resume`);
    expect(resumed.body.paused).toBeUndefined();
    const ended = await ends([...held, retry.executionId]);
    expect(ended.map(({ status }) => status)).toEqual(["completed", "completed", "failed"]);
    expect(Date.parse(ended[0].result)).toBeLessThanOrEqual(Date.parse(ended[1].result));
  });

  test("a pause of running executions holds each at its next step, survives a kill, and resumes exactly these", async () => {
    target = await startRecordingTarget();
    const workflow = "held-running";
    await deploy(instance, workflow, steppingSource);
    const path = `/workflows/${workflow}`;
    const status = async (id: string) => (await instance.request("GET", `/executions/${id}`)).body.status;
    // Its later requests take longer together than the pause takes to reach an attempt in flight.
    const busy = await start(workflow, { name: "busy", rounds: 20, ms: "held" });
    await target.arrived("GET /work");
    const [waiting = "", exempt = "", cancelled = "", alone = ""] = await Promise.all(
      ["waiting", "exempt", "cancelled", "alone"].map(
        async (name) => await start(workflow, { name, events: ["go"] }),
      ),
    );
    await Promise.all(
      [waiting, exempt, cancelled, alone].map(
        async (id) => await until(instance, id, ({ version }) => version !== undefined),
      ),
    );
    await instance.request("POST", `/executions/${alone}/pause`);
    await until(instance, alone, (detail) => detail.status === "paused");
    await instance.request("POST", `${path}/pause`, { body: { running: true } });
    target.release();
    const { lastFailure } = await until(instance, busy, (detail) => detail.status === "paused");
    expect(lastFailure).toMatchObject({
      code: "workflow-paused",
      message: `Execution paused: workflow "${workflow}" is paused by root`,
    });
    const held = await start(workflow, { name: "held" });
    await until(instance, held, (detail) => detail.status === "queued");
    await instance.kill();
    await instance.start();
    for (const id of [waiting, exempt, cancelled]) {
      await instance.request("POST", `/executions/${id}/events/go`, { body: null });
      await until(instance, id, (detail) => detail.status === "paused");
    }
    const worked = target.work.length;
    await instance.request("POST", `/executions/${exempt}/resume`);
    expect(await untilEnded(instance, exempt)).toMatchObject({ status: "completed" });
    await instance.request("POST", `/executions/${cancelled}/cancel`);
    expect(await untilEnded(instance, cancelled)).toMatchObject({ status: "cancelled" });
    expect(target.work.slice(worked).map(({ name }) => name)).toEqual(["exempt", "cancelled"]);
    expect([await status(busy), await status(waiting), await status(held)]).toEqual([
      "paused",
      "paused",
      "queued",
    ]);
    await instance.request("POST", `${path}/resume`);
    const ended = await ends([busy, waiting, held]);
    expect(ended.map((each) => each.status)).toEqual(["completed", "completed", "completed"]);
    expect(target.work.filter(({ name }) => name === "busy").length).toBe(20);
    expect(await status(alone)).toBe("paused");
    await instance.request("POST", `/executions/${alone}/cancel`);
  });

  test("a paused workflow that is deleted and deployed again is not paused", async () => {
    target = await startRecordingTarget();
    const workflow = "held-deleted";
    await deploy(instance, workflow, steppingSource);
    await instance.request("POST", `/workflows/${workflow}/pause`, { body: {} });
    await instance.request("DELETE", `/workflows/${workflow}`);
    await deploy(instance, workflow, steppingSource);
    await instance.request("PUT", `/workflows/${workflow}/settings`, {
      body: { flow: { concurrency: { total: 1 } } },
    });
    expect(await execute(instance, workflow, { url: target.url })).toMatchObject({ status: "completed" });
  });

  async function untilMissing(path: string): Promise<void> {
    while ((await instance.request("GET", path)).status !== 404) await delay(50);
  }

  async function untilEmpty(queue: string): Promise<void> {
    for (;;) {
      const { body } = await instance.request("GET", `/queues/${queue}`);
      if (body.running + body.queued === 0) return;
      await delay(100);
    }
  }
});

const batchOf = (period: string) => ({ batch: { size: 3, period } });

/** Waits for an event if it is to, and then makes a request. */
const waitingSource = `
export async function run(ctx, { url, name, event, ms = 50 }) {
  if (event !== undefined) await ctx.waitForEvent(event);
  await (await fetch(url + "/work?" + new URLSearchParams({ name, ms }))).text();
}
`;

/** Waits for events, then makes requests in order; also when it is cancelled. */
const steppingSource = `
export async function run(ctx, { url, name = "", events = [], rounds = 1, ms = 50, fails = false }) {
  try {
    for (const event of events) await ctx.waitForEvent(event);
    for (let round = 0; round < rounds; round += 1) {
      const query = new URLSearchParams({ name, ms: round === 0 ? ms : 100 });
      const response = await fetch(url + (fails ? "/missing" : "/work?" + query));
      if (!response.ok) throw new Error("missing");
    }
    return new Date().toISOString();
  } catch (error) {
    if (error.name === "CancelledError") await (await fetch(url + "/work?name=" + name)).text();
    throw error;
  }
}
`;
