import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callbackSecret } from "../../src/host/seed/callback-secret.ts";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Forks: new executions that begin with the results of another one, on the same or another version. */
describe("a fork", () => {
  let instance: Instance;
  let target: Target;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "POST /pay": () => ({ paid: true }),
      "POST /ship": () => ({ shipped: true }),
      "GET /stock": () => ({ items: 3 }),
      "POST /note": () => null,
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  const fork = async (id: string, body: object = {}): Promise<ApiAnswer> =>
    await instance.request("POST", `/executions/${id}/fork`, { body });
  const forked = async (id: string, body: object = {}): Promise<ApiAnswer["body"]> => {
    const answer = await fork(id, body);
    expect(answer).toMatchObject({ status: 202 });
    return await untilEnded(instance, answer.body.executionId);
  };

  test("on a version that fixes the bug runs on after the payment, one and fifty", async () => {
    // Each is replayed in the same way.
    const many = isReplayed ? 10 : 50;
    await deploy(instance, "forked-orders", orders("undefined.total"));
    const failed = await execute(instance, "forked-orders", { url: target.url, order: 0 });
    expect(failed.failure.message).toContain("undefined");
    await Promise.all(
      Array.from({ length: many }, (_, order) =>
        execute(instance, "forked-orders", { url: target.url, order: order + 1 }),
      ),
    );
    expect([target.count("POST /pay"), target.count("POST /ship")]).toEqual([many + 1, 0]);
    await deploy(instance, "forked-orders", orders("3 * order"));

    const ended = await forked(failed.executionId, { version: 2 });
    expect(ended).toMatchObject({ status: "completed", version: 2, forkOf: failed.executionId });
    expect(ended.result).toMatchObject({ order: 0, total: 0, shipped: true, id: failed.executionId });
    expect(ended.steps[0]).toMatchObject({ reused: true });
    const origin = (await instance.request("GET", `/executions/${failed.executionId}`)).body;
    expect(origin).toMatchObject({ forks: [ended.executionId], retries: [] });

    const all = { workflow: "forked-orders", ofVersion: 1 };
    const dry = await instance.request("POST", "/executions/fork", { body: { ...all, dryRun: true } });
    expect(dry.body.items).toHaveLength(many);
    expect(dry.body.items.filter((item: object) => "error" in item)).toEqual([]);
    // Of two requests at the same time, each execution is forked by one.
    const bulk = async () => await instance.request("POST", "/executions/fork", { body: all });
    const answers = await Promise.all([bulk(), bulk()]);
    const ids: readonly string[] = answers.flatMap(({ body }) =>
      body.items.map((item: { forkExecutionId: string }) => item.forkExecutionId),
    );
    expect(ids).toHaveLength(many);
    const results = await Promise.all(ids.map(async (id) => (await untilEnded(instance, id)).result));
    expect(new Set(results.map(({ order, total }) => `${order} ${total}`)).size).toBe(many);
    expect([target.count("POST /pay"), target.count("POST /ship")]).toEqual([many + 1, many + 1]);
    const again = await instance.request("POST", "/executions/fork", { body: all });
    expect(again.body.items).toEqual([]);
  });

  test("runs on from any step, with other answers and another payload", async () => {
    await deploy(
      instance,
      "forked-stock",
      `export async function run(ctx, { url, by }) {
        const approved = await ctx.waitForEvent("approved");
        const { items } = await (await fetch(url + "/stock")).json();
        const [first, second] = await Promise.all([
          fetch(url + "/note?first", { method: "POST" }).then(() => items),
          fetch(url + "/note?second", { method: "POST" }).then(({ status }) => status),
        ]);
        return { by, approved, items, first, second, next: await ctx.waitForEvent("approved") };
      }`,
    );
    const id = await startExecution(instance, "forked-stock", { url: target.url, by: "ann" });
    const approve = async (execution: string, payload: unknown) =>
      await instance.request("POST", `/executions/${execution}/events/approved`, { body: payload });
    await approve(id, 1);
    await until(instance, id, ({ waitingFor }) => waitingFor.includes('event "approved"') && true);
    await approve(id, 2);
    const ended = await untilEnded(instance, id);
    expect(ended.result).toEqual({ by: "ann", approved: 1, items: 3, first: 3, second: 200, next: 2 });
    const counts = () =>
      ["?first", "?second"].map((part) => target.seen.filter(({ path }) => path.endsWith(part)).length);
    expect(counts()).toEqual([1, 1]);

    // The fetch is repeated; its sibling and the events are not.
    const repeated = await forked(id, { fromStep: stepNamed(ended, "/note?…") });
    expect(repeated.result).toEqual(ended.result);
    expect(counts()).toEqual([2, 1]);

    const answered = await forked(id, {
      fromStep: stepNamed(ended, "/stock"),
      answers: [{ step: stepNamed(ended, "/stock"), status: 200, body: '{"items":0}' }],
      payload: { url: target.url, by: "bob" },
    });
    expect(answered.result).toEqual({ ...ended.result, by: "bob", items: 0, first: 0 });
    expect(target.count("GET /stock")).toBe(1);

    // The fork waits for the first event again, and then for the second one.
    const { body } = await fork(id, { fromStep: stepNamed(ended, "wait for event") });
    await until(instance, body.executionId, ({ waitingFor }) => waitingFor.includes('event "approved"'));
    for (const payload of [10, 20]) expect((await approve(body.executionId, payload)).status).toBe(202);
    expect((await untilEnded(instance, body.executionId)).result).toMatchObject({ approved: 10, next: 20 });
  });

  test("waits for callbacks of its own, which readers of the recording cannot complete", async () => {
    await deploy(instance, "forked-waits", afterStock(`throw new Error("no");`));
    const failed = await execute(instance, "forked-waits", target.url);
    const { key } = (
      await instance.request("POST", "/api-keys", { body: { name: "reader", scopes: ["executions:read"] } })
    ).body;
    const headers = { authorization: `Bearer ${key}` };
    const { body: recording } = await instance.request("GET", `/executions/${failed.executionId}/recording`, {
      headers,
    });
    await deploy(instance, "forked-waits", afterStock("return await ctx.createCallback().promise;"));
    const { body } = await fork(failed.executionId, { version: 2 });
    await until(instance, body.executionId, ({ waitingFor }) => waitingFor.includes("callback"));
    const { callbackUrl, executionId, seed } = recording.start;
    const secret = callbackSecret(Buffer.from(seed, "hex"), 0);
    expect(await complete(`${callbackUrl}${executionId}.0.${secret}`)).toBe(404);
    const callbacks = (await instance.request("GET", `/executions/${body.executionId}/callbacks`)).body;
    const [{ url }] = callbacks.items;
    expect(url.endsWith(`${executionId}.0.${secret}`)).toBe(true);
    expect(await complete(url)).toBe(202);
    expect((await untilEnded(instance, body.executionId)).result).toBe("done");
  });

  test("of a fork, and its retries, know the results of all of them", async () => {
    await deploy(instance, "forked-again", source(`throw new Error("first " + seen)`));
    const failed = await execute(instance, "forked-again", target.url);
    await deploy(
      instance,
      "forked-again",
      source(
        `const { status } = await fetch(url + "/missing"); if (status !== 200) throw new Error("second " + seen);`,
      ),
    );
    const second = await forked(failed.executionId, { version: "current" });
    expect(second).toMatchObject({ status: "failed", version: 2 });
    expect(second.failure.message.slice("second ".length)).toBe(
      failed.failure.message.slice("first ".length),
    );
    const { body } = await instance.request("POST", `/executions/${second.executionId}/retry`, {
      body: { from: "failed-step" },
    });
    const retried = await untilEnded(instance, body.executionId);
    expect(retried.failure.message).toBe(second.failure.message);
    expect(retried).toMatchObject({ retryOf: second.executionId });
    expect(retried.forkOf).toBeUndefined();
    await deploy(instance, "forked-again", source(`return seen;`));
    const last = await forked(retried.executionId, { version: 3 });
    expect(last.result.join()).toBe(failed.failure.message.slice("first ".length));
    expect(target.seen.filter(({ path }) => path === "/note?one")).toHaveLength(1);
  });

  test("is refused where its version requests something else than a reused step", async () => {
    await deploy(instance, "forked-other", payment(10, `throw new Error("no");`));
    const failed = await execute(instance, "forked-other", target.url);
    const paid = target.count("POST /pay");
    await deploy(instance, "forked-other", payment(12, `return "paid";`));
    await deploy(instance, "forked-other", "export const run = () => 'paid';");
    const refused = await fork(failed.executionId, { version: 2 });
    expect([refused.status, refused.body.code]).toEqual([409, "fork-refused"]);
    expect(refused.body.detail).toContain('{"amount":10}');
    expect(refused.body.detail).toMatch(
      /: step 1 is another one at workflow\.ts:2\nrecorded: fetch POST \S+ \{"amount":10\}\nnow: fetch POST \S+ \{"amount":12\}$/,
    );
    const dropped = await fork(failed.executionId, { version: 3, dryRun: true });
    expect(dropped.body.detail).toContain("this version does not make step 1");
    const { body } = await instance.request("POST", "/executions/fork", {
      body: { workflow: "forked-other", version: 2, dryRun: true },
    });
    expect(body.items).toEqual([
      { executionId: failed.executionId, error: expect.objectContaining({ code: "fork-refused" }) },
    ]);
    expect(target.count("POST /pay")).toBe(paid);
    // It pays again where the payment itself is repeated.
    const detail = (await instance.request("GET", `/executions/${failed.executionId}`)).body;
    const repeated = await forked(failed.executionId, { version: 2, fromStep: stepNamed(detail, "/pay") });
    expect([repeated.result, target.count("POST /pay")]).toEqual(["paid", paid + 1]);
  });

  test("is refused with a reason where it makes no sense", async () => {
    await deploy(
      instance,
      "forked-plain",
      `export const run = async (ctx, url) => {
        const { status } = await fetch(url + "/stock");
        await ctx.sleep(1);
        return [status, (await fetch(url + "/note?later", { method: "POST" })).status];
      };`,
    );
    const ended = await execute(instance, "forked-plain", target.url);
    const detail = (await instance.request("GET", `/executions/${ended.executionId}`)).body;
    const index = stepNamed(detail, "/stock");
    const [sleep, later] = [stepNamed(detail, "sleep"), stepNamed(detail, "/note?…")];
    const twice = { step: index, status: 500 };
    const refusals: readonly (readonly [object, number, string])[] = [
      [{}, 400, "Name the step"],
      [{ fromStep: 999 }, 404, "no step 999"],
      [{ fromStep: index, version: 9 }, 404, "9"],
      [{ fromStep: index, version: 0 }, 400, "version"],
      [{ fromStep: index, answers: [{ step: index, result: 1 }] }, 400, "answer a fetch with"],
      [{ fromStep: index, answers: [{ step: 999, result: 1 }] }, 404, "no step 999"],
      [{ fromStep: index, answers: [{ step: index, status: 200, headers: [["a b", "c"]] }] }, 400, "answers"],
      [{ fromStep: -1 }, 400, "fromStep"],
      [{ fromStep: index, answers: [twice, twice] }, 400, `several answers to step ${index}`],
      [{ fromStep: index, answers: [{ step: later, status: 500 }] }, 400, `the answer to step ${later} (`],
      [
        {
          fromStep: index,
          answers: [
            { step: sleep, result: null },
            { step: later, status: 500 },
          ],
        },
        400,
        ` and to step ${later} (`,
      ],
    ];
    for (const [body, status, part] of refusals) {
      const answer = await fork(ended.executionId, body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(part)]);
    }
    const dry = await fork(ended.executionId, { fromStep: index, dryRun: true });
    expect([dry.status, dry.body]).toEqual([202, { version: 1 }]);
  });
});

function stepNamed({ steps }: ApiAnswer["body"], part: string): number {
  return steps.find(({ name }: { readonly name: string }) => name.includes(part)).index;
}

/** Completes a callback, and returns the status of the response. */
async function complete(url: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", body: '"done"', headers })).status;
}

function afterStock(last: string): string {
  return `export async function run(ctx, url) {
    await fetch(url + "/stock");
    ${last}
  }`;
}

/** It fails after the payment, until it is fixed. */
function orders(total: string): string {
  return `export async function run(ctx, { url, order }) {
    const paid = await (await fetch(url + "/pay", { method: "POST", body: JSON.stringify({ order }) })).json();
    const at = Date.now();
    const total = ${total};
    const { shipped } = await (await fetch(url + "/ship", { method: "POST" })).json();
    return { order, total, paid, shipped, at, random: Math.random(), id: ctx.executionId };
  }`;
}

function source(last: string): string {
  return `export async function run(ctx, url) {
    await fetch(url + "/note?one", { method: "POST" });
    const seen = [Math.random(), Date.now()];
    ${last}
  }`;
}

function payment(amount: number, then: string): string {
  return `export async function run(ctx, url) {
    await fetch(url + "/pay", { method: "POST", body: JSON.stringify({ amount: ${amount} }) });
    ${then}
  }`;
}
