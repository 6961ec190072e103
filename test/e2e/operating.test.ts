import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Operations on running and ended executions. */
describe("operating executions", () => {
  let instance: Instance;
  let target: Target;
  let status = 503;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "POST /reserve": () => ({ reserved: true }),
      "POST /charge": (_request, response) => {
        response.statusCode = status;
        return { charged: status === 200 };
      },
      "POST /ship": () => ({ shipped: true }),
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  const post = async (id: string, verb: string, body?: unknown): Promise<ApiAnswer> =>
    await instance.request("POST", `/executions/${id}/${verb}`, body === undefined ? {} : { body });

  test("a retry from the failed step repeats only that step", async () => {
    await deploy(instance, "order", orderSource);
    const seen = (path: string) => target.count(`POST ${path}`);
    status = 503;
    const failed = await execute(instance, "order", target.url);
    expect(failed).toMatchObject({ status: "failed", failure: { message: "/charge answered 503" } });
    status = 200;
    const { body, headers } = await post(failed.executionId, "retry", { from: "failed-step" });
    expect(headers.get("location")).toBe(`/executions/${body.executionId}`);
    const retried = await untilEnded(instance, body.executionId);
    expect(retried.status).toBe("completed");
    expect([seen("/reserve"), seen("/charge"), seen("/ship")]).toEqual([1, 2, 1]);
    // It is the same execution as far as the workflow can tell, so its idempotency keys are the same.
    const keys = target.seen.map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(1);
  });

  test("a retry from the failed step works if the target was unreachable", async () => {
    await deploy(
      instance,
      "unreachable",
      `export async function run(ctx, { good, bad }) {
          const random = Math.random();
          await fetch(good + "/reserve", { method: "POST" });
          await fetch(bad + "/later", { method: "POST" });
          return random;
        }`,
    );
    const away = await startTarget({});
    const port = Number(new URL(away.url).port);
    await away[Symbol.asyncDispose]();
    const before = target.count("POST /reserve");
    const failed = await execute(instance, "unreachable", { good: target.url, bad: away.url });
    expect(failed).toMatchObject({ status: "failed", failure: { name: "TypeError" } });
    await using back = await startTarget({ "POST /later": () => null }, port);
    const retried = await post(failed.executionId, "retry", { from: "failed-step" });
    expect(await untilEnded(instance, retried.body.executionId)).toMatchObject({ status: "completed" });
    expect(back.count("POST /later")).toBe(1);
    expect(target.count("POST /reserve")).toBe(before + 1);
  });

  test("a failure in the workflow's own code has no failed step, and the error suggests a retry from the start", async () => {
    await deploy(instance, "buggy", "export async function run(ctx) { await ctx.sleep(1); return null.x; }");
    const failed = await execute(instance, "buggy");
    const refused = await post(failed.executionId, "retry", { from: "failed-step" });
    expect(refused.body).toMatchObject({ status: 409, code: "no-failed-step" });
    expect(refused.body.detail).toContain("Retry it from the start");
    const mixed = await post(failed.executionId, "retry", { from: "failed-step", version: "current" });
    expect(mixed.body).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test("all failed executions are retried by one request, none of them twice", async () => {
    status = 503;
    await deploy(instance, "bulk", orderSource);
    const failed = await Promise.all([1, 2, 3].map(async () => await execute(instance, "bulk", target.url)));
    status = 200;
    const listed = async (query: string): Promise<ApiAnswer["body"]> =>
      (await instance.request("GET", `/executions?status=failed&workflow-contains=ul&${query}`)).body.items;
    expect(await listed("retried=false")).toMatchObject(
      failed.map(() => ({
        workflowId: "bulk",
        failure: { name: "Error", message: "/charge answered 503" },
      })),
    );
    const one = await instance.request("POST", "/executions/retry", {
      body: { executionIds: [failed[1].executionId], workflowContains: "bul", from: "failed-step" },
    });
    expect(one.body.items.map(idOf)).toEqual([failed[1].executionId]);
    expect((await listed("retried=true")).map(idOf)).toEqual([failed[1].executionId]);
    expect(await listed("retried=false")).toHaveLength(2);
    const request = { body: { workflow: "bulk", from: "failed-step" } };
    const { body } = await instance.request("POST", "/executions/retry", request);
    body.items.push(...one.body.items);
    expect(new Set(body.items.map(idOf))).toEqual(new Set(failed.map(idOf)));
    for (const { retryExecutionId } of body.items) {
      expect(await untilEnded(instance, retryExecutionId)).toMatchObject({ status: "completed" });
    }
    expect((await instance.request("POST", "/executions/retry", request)).body.items).toEqual([]);
    const since = (await instance.request("GET", `/executions/${failed[0].executionId}`)).body.createdAt;
    const later = await instance.request("GET", `/executions?workflow=bulk&created-after=${since}`);
    const earlier = await instance.request("GET", `/executions?workflow=bulk&created-before=${since}`);
    expect(later.body.items.length + earlier.body.items.length).toBe(6);
    expect(later.body.items.length).toBeGreaterThanOrEqual(4);
  });

  test("executions are listed by version and entry point, and pages are stable while executions arrive", async () => {
    const failing = "export const run = (ctx) => { throw new Error(ctx.entryPoint); };";
    for (let version = 1; version <= 3; version++) await deploy(instance, "listed", failing);
    const startAt = async (version: number, entryPoint: string) => {
      await instance.request("POST", "/workflows/listed/activate", { body: { version } });
      const path = `/workflows/listed/execute${entryPoint === "" ? "" : `?entry-point=${entryPoint}`}`;
      const { body } = await instance.request("POST", path, { body: null });
      await untilEnded(instance, body.executionId);
      return body.executionId as string;
    };
    const rare = [await startAt(1, "a/rare"), await startAt(3, "a/rare"), await startAt(3, "a/rare")];
    await startAt(3, "a/rarely");
    await startAt(2, "");
    const found = async (query: string): Promise<ApiAnswer["body"]> =>
      (await instance.request("GET", `/executions?workflow=listed&${query}`)).body;
    const ids = async (query: string) => (await found(query)).items.map(idOf);
    expect(await ids("entry-point=a/rare")).toEqual(rare.toReversed());
    expect(await ids("entry-point=a/rare&version=3")).toEqual([rare[2], rare[1]]);
    expect(await ids("version=1&status=failed")).toEqual([rare[0]]);
    expect(await ids("version=1&status=completed")).toEqual([]);
    expect((await found("version=2")).items).toMatchObject([{ version: 2 }]);

    const first = await found("entry-point=a/rare&limit=1");
    const newest = await startAt(3, "a/rare");
    const rest = await found(`entry-point=a/rare&limit=1&cursor=${first.cursor}`);
    const last = await found(`entry-point=a/rare&limit=1&cursor=${rest.cursor}`);
    expect([first, rest, last].flatMap(({ items }) => items.map(idOf))).toEqual(rare.toReversed());
    expect(last).not.toHaveProperty("cursor");

    const request = {
      body: { workflow: "listed", ofVersion: 3, entryPoint: "a/rare", version: "current" },
    };
    const { body } = await instance.request("POST", "/executions/retry", request);
    expect(body.items.map(idOf)).toEqual([newest, rare[2], rare[1]]);
    for (const { retryExecutionId } of body.items) await untilEnded(instance, retryExecutionId);
  });

  test("a paused execution does not continue until it is resumed", async () => {
    await deploy(
      instance,
      "pausable",
      `export async function run(ctx) {
          let isOver = false;
          const over = ctx.waitForEvent("over").then(() => (isOver = true));
          while (!isOver) await ctx.sleep(100);
          await over;
          return "done";
        }`,
    );
    const id = await startExecution(instance, "pausable");
    await until(instance, id, ({ steps }) => steps.length > 2);
    expect((await post(id, "pause")).status).toBe(202);
    const paused = await until(instance, id, (detail) => detail.status === "paused");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await instance.request("GET", `/executions/${id}`)).body.steps).toHaveLength(paused.steps.length);
    expect((await post(id, "pause")).status).toBe(202);
    expect((await post(id, "resume")).status).toBe(202);
    expect((await post(id, "events/over", null)).status).toBe(202);
    expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: "done" });
    for (const verb of ["pause", "resume", "cancel"]) {
      expect((await post(id, verb)).body).toMatchObject({ status: 409, code: "execution-ended" });
    }
  });

  test("a sleeping execution can be paused", async () => {
    await deploy(
      instance,
      "sleeps",
      "export const run = (ctx) => Promise.race([ctx.sleep('1h'), ctx.waitForEvent('wake')]);",
    );
    const id = await startExecution(instance, "sleeps");
    await until(instance, id, (detail) => detail.status === "suspended");
    await post(id, "pause");
    await until(instance, id, (detail) => detail.status === "paused");
    await post(id, "resume");
    await post(id, "events/wake", "woken");
    expect(await untilEnded(instance, id)).toMatchObject({ result: "woken" });
  });

  test("executions are found by tags, by ID and error, and by a field of their payload", async () => {
    const source = 'export function run(ctx, { id }) { if (id === 2) throw new Error("It\'s 100% broken"); }';
    await deploy(instance, "found", source);
    const start = async (id: unknown, tags: string) => {
      const path = `/workflows/found/execute?tag=${encodeURIComponent(tags)}`;
      const { body } = await instance.request("POST", path, { body: { customer: { id }, id } });
      return await untilEnded(instance, body.executionId);
    };
    const one = await start(1, "customer:1,nightly");
    const two = await start(2, "customer:2, nightly");
    const text = await start("1", "customer:12");
    const found = async (query: string): Promise<readonly string[]> => {
      const { body } = await instance.request("GET", `/executions?workflow=found&${query}`);
      return body.items.map(idOf);
    };
    expect(one.tags).toEqual(["customer:1", "nightly"]);
    expect(await found("tag=nightly")).toEqual([idOf(two), idOf(one)]);
    expect(await found("tag=nightly,customer:1")).toEqual([idOf(one)]);
    expect(await found("tag=customer:1")).toEqual([idOf(one)]);
    expect(await found(`search=${idOf(two).slice(0, -1)}`)).toEqual([idOf(two)]);
    expect(await found(`search=${encodeURIComponent("it's 100% BROKEN")}`)).toEqual([idOf(two)]);
    expect(await found(`search=${encodeURIComponent("' OR '1'='1")}`)).toEqual([]);
    expect(await found("payload=/customer/id:1")).toEqual([idOf(text), idOf(one)]);
    expect(await found("payload=/customer/id:2&limit=1")).toEqual([idOf(two)]);
    expect(await found("payload=/customer/name:2")).toEqual([]);
    const count = await instance.request("GET", "/executions/count?workflow=found&tag=nightly");
    expect(count.body).toEqual({ count: 2, isExact: true });
    const wrong = await instance.request("GET", "/executions?tag=a%20b&payload=customer&search=%00");
    expect(wrong.body.errors).toHaveLength(3);
  });

  test("tags that a workflow sets are found like those of its caller, also while it runs", async () => {
    const source = `export async function run(ctx, order) {
      await ctx.tag("customer:" + order, "own");
      await ctx.waitForEvent("go");
      void ctx.tag("late", "given");
      return await ctx.tag("a b").catch(({ name }) => name);
    }`;
    await deploy(instance, "tagging", source);
    const start = async (order: number, tags: string) => {
      const path = `/workflows/tagging/execute?tag=${tags}`;
      const { body } = await instance.request("POST", path, { body: order });
      return await until(instance, body.executionId, ({ status }) => status === "suspended");
    };
    const found = async (tag: string) => {
      const { body } = await instance.request("GET", `/executions?workflow=tagging&tag=${tag}`);
      return body.items.map(tagged);
    };
    const one = await start(1, "given,own");
    const two = await start(12, "given");
    expect(one.tags).toEqual(["given", "own", "customer:1"]);
    expect(two.tags).toEqual(["given", "customer:12", "own"]);
    expect(await found("own")).toEqual([two, one].map(tagged));
    expect(await found("customer:1")).toEqual([tagged(one)]);
    expect(await found("own,given,customer:12")).toEqual([tagged(two)]);
    expect(await found("customer:1,customer:12")).toEqual([]);
    await instance.request("POST", `/executions/${idOf(two)}/events/go`, { body: null });
    const ended = await untilEnded(instance, idOf(two));
    expect(ended).toMatchObject({ status: "completed", result: "TypeError" });
    expect(ended.tags).toEqual(["given", "customer:12", "own", "late"]);
    const count = await instance.request("GET", "/executions/count?workflow=tagging&tag=late,own");
    expect(count.body).toEqual({ count: 1, isExact: true });

    await deploy(instance, "tagging", source.replace("late", "later"));
    const fork = { version: 2, fromStep: stepOf(ended, "tag late given") };
    const { body } = await instance.request("POST", `/executions/${idOf(two)}/fork`, { body: fork });
    const forked = await untilEnded(instance, body.executionId);
    expect(forked.tags).toEqual(["given", "customer:12", "own", "later"]);
  });

  test("many executions are paused, resumed, cancelled and deleted by a filter", async () => {
    await deploy(instance, "several", "export const run = (ctx) => ctx.waitForEvent('go');");
    const ids = await Promise.all([1, 2, 3].map(async () => await startExecution(instance, "several")));
    for (const id of ids) await until(instance, id, ({ status }) => status === "suspended");
    const operate = async (verb: string, body: object): Promise<ApiAnswer["body"]> => {
      const request = { body: { workflow: "several", ...body } };
      return (await instance.request("POST", `/executions/${verb}`, request)).body;
    };
    const first = await operate("pause", { limit: 2 });
    expect(first.items).toHaveLength(2);
    const rest = await operate("pause", { limit: 2, cursor: first.cursor });
    expect([...first.items, ...rest.items].map(idOf).toSorted()).toEqual(ids.toSorted());
    expect(rest).not.toHaveProperty("cursor");
    for (const id of ids) await until(instance, id, ({ status }) => status === "paused");
    expect((await operate("delete", {})).items).toEqual([]);
    expect((await operate("resume", { status: "paused" })).items).toHaveLength(3);
    expect((await operate("cancel", { executionIds: ids.slice(1) })).items).toHaveLength(2);
    for (const id of ids.slice(1)) await untilEnded(instance, id);
    expect((await operate("delete", { status: "cancelled" })).items).toHaveLength(2);
    const left = await instance.request("GET", "/executions?workflow=several");
    expect(left.body.items.map(idOf)).toEqual(ids.slice(0, 1));
    await operate("cancel", {});
  });

  test("an ended execution can be deleted, and a running one cannot", async () => {
    const id = await startExecution(instance, "sleeps");
    const early = await instance.request("DELETE", `/executions/${id}`);
    expect(early.body).toMatchObject({ status: 409, code: "execution-not-ended" });
    await post(id, "cancel");
    await untilEnded(instance, id);
    expect((await instance.request("DELETE", `/executions/${id}`)).status).toBe(204);
    const gone = await instance.request("GET", `/executions/${id}`);
    expect(gone.body).toMatchObject({ status: 404, code: "execution-not-found" });
  });

  test.each(["inv_1234567890123456789", "inv_1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"])(
    "the invalid ID %s is reported as a missing execution",
    async (id) => {
      const answers = [
        await instance.request("GET", `/executions/${id}`),
        await instance.request("GET", `/executions/${id}/logs`),
        await post(id, "cancel"),
        await post(id, "retry", {}),
      ];
      expect(answers.map(({ body }) => body.code)).toEqual(Array(4).fill("execution-not-found"));
    },
  );
});

function tagged({ executionId, tags }: ApiAnswer["body"]): readonly unknown[] {
  return [executionId, tags];
}

function stepOf({ steps }: ApiAnswer["body"], name: string): number {
  return steps.find((step: { name: string }) => step.name === name).index;
}

function idOf({ executionId }: { executionId: string }): string {
  return executionId;
}

const orderSource = `export async function run(ctx, shop) {
  const step = async (path) => {
    const response = await fetch(shop + path, { method: "POST", headers: { "idempotency-key": ctx.executionId } });
    if (!response.ok) throw new Error(path + " answered " + response.status);
    return await response.json();
  };
  await step("/reserve");
  await step("/charge");
  return await step("/ship");
}`;
