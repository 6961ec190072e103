import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, setLimits, until, untilEnded } from "../support/executions.ts";
import { sharedInstance, startInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

const json = { "content-type": "application/json" };

async function post(url: string): Promise<number> {
  return (await fetch(url, { method: "POST", body: '{"paid":true}', headers: json })).status;
}

function isWait({ name }: { readonly name: string }): boolean {
  return name === "wait for event approved";
}

/** The only child of an execution, once it waits. */
async function childOf(instance: Instance, parent: string): Promise<string> {
  const { children } = await until(instance, parent, (detail) => detail.children.length > 0);
  await until(instance, children[0].executionId, ({ steps }) => steps.length > 0);
  return children[0].executionId;
}

/** What a workflow can ask of Duranium through its `ctx`, however often its journal is replayed. */
describe("the guest API", () => {
  let instance: Instance;
  let target: Target;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({ "POST /note": () => null, "GET /never": () => new Promise(() => {}) });
  });
  // These take as long as a cancellation may take before it is enforced, so they run beside the other tests.
  let uncooperative: Promise<ApiAnswer["body"]>;
  let looping: Promise<ApiAnswer["body"]> | undefined;
  beforeAll(() => {
    uncooperative = cancelCleaning(instance);
    looping = isReplayed ? undefined : cancelLoop();
  });
  afterAll(async () => {
    await Promise.allSettled([uncooperative, looping]);
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  /** What workflows posted to `/note`, in order. */
  function notes(workflow: string): unknown[] {
    return target.seen
      .filter(({ path }) => path === `/note?${workflow}`)
      .map(({ body }) => JSON.parse(body) as unknown);
  }

  describe("cancelling", () => {
    test("rejects all pending calls, and lets the workflow clean up", async () => {
      await deploy(
        instance,
        "cleans-up",
        `export async function run(ctx, url) {
            const begun = Date.now();
            const waits = [fetch(url + "/never"), ctx.sleep("1h")];
            const results = await Promise.allSettled(waits);
            try {
              throw results[0].reason;
            } finally {
              await ctx.sleep(20);
              const errors = results.map(({ reason }) => [reason.name, reason.code, reason instanceof Error]);
              const body = JSON.stringify({ errors, isLater: Date.now() > begun + 20 });
              await fetch(url + "/note?cleans-up", { method: "POST", body });
            }
          }`,
      );
      const id = await startExecution(instance, "cleans-up", target.url);
      await target.arrived("GET /never");
      await instance.request("POST", `/executions/${id}/cancel`);
      const { status, failure, steps } = await untilEnded(instance, id);
      expect(status).toBe("cancelled");
      expect(failure).toMatchObject({ name: "CancelledError", code: "cancelled" });
      const error = ["CancelledError", "cancelled", true];
      expect(notes("cleans-up")).toEqual([{ errors: [error, error], isLater: true }]);
      const names = steps.map(({ name }: { name: string }) => name);
      expect(names.slice(2)).toEqual([
        "cancelled",
        "sleep",
        "cancellation grace period",
        expect.stringContaining("fetch POST"),
      ]);
    });

    test("cancels a child that is awaited", async () => {
      await deploy(
        instance,
        "child",
        `export async function run(ctx, url) {
            try {
              await ctx.sleep("1h");
            } finally {
              await fetch(url + "/note?child", { method: "POST", body: "1" });
            }
          }`,
      );
      await deploy(
        instance,
        "parent",
        "export const run = async (ctx, url) => await ctx.call('child', { payload: url });",
      );
      const id = await startExecution(instance, "parent", target.url);
      const child = await childOf(instance, id);
      await instance.request("POST", `/executions/${id}/cancel`);
      expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
      expect(await untilEnded(instance, child)).toMatchObject({ status: "cancelled" });
      expect(notes("child")).toEqual([1]);
    });

    test("ends a workflow that returns a result nevertheless, and fires no timer", async () => {
      await deploy(
        instance,
        "returns",
        `export async function run(ctx, url) {
            setTimeout(() => fetch(url + "/note?returns", { method: "POST", body: "1" }), 3_600_000);
            return await ctx.sleep("1h").catch((error) => error.name);
          }`,
      );
      const id = await startExecution(instance, "returns", target.url);
      await until(instance, id, ({ steps }) => steps.length === 2);
      await instance.request("POST", `/executions/${id}/cancel`);
      expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
      expect(notes("returns")).toEqual([]);
    });

    test("resumes a paused execution, so that it can clean up", async () => {
      await deploy(
        instance,
        "paused-with-cleanup",
        `export async function run(ctx, url) {
            try {
              await ctx.sleep("1h");
            } finally {
              await fetch(url + "/note?paused", { method: "POST", body: "1" });
            }
          }`,
      );
      const id = await startExecution(instance, "paused-with-cleanup", target.url);
      await until(instance, id, ({ steps }) => steps.length === 1);
      await fetch(`${instance.restateAdminUrl}/invocations/${id}/pause`, { method: "PATCH" });
      // What is suspended already stays so.
      await until(instance, id, ({ status }) => status === "paused" || status === "suspended");
      await instance.request("POST", `/executions/${id}/cancel`);
      expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
      expect(notes("paused")).toEqual([1]);
    });
  });

  async function send(id: string, name: string, payload?: unknown) {
    return await instance.request("POST", `/executions/${id}/events/${name}`, { body: payload });
  }

  describe("an event", () => {
    test("that arrives before its wait is stored, and events of one name are delivered in order", async () => {
      await deploy(
        instance,
        "ordered",
        `export async function run(ctx) {
            await ctx.sleep(800);
            const early = [await ctx.waitForEvent("step"), await ctx.waitForEvent("step")];
            const late = await Promise.all([ctx.waitForEvent("step"), ctx.waitForEvent("step")]);
            return [...early, ...late, await ctx.waitForEvent("__proto__".slice(2, 7))];
          }`,
      );
      const id = await startExecution(instance, "ordered");
      for (const n of [1, 2]) expect((await send(id, "step", n)).status).toBe(202);
      await until(instance, id, ({ steps }) => steps.length === 4);
      for (const n of [3, 4]) await send(id, "step", n);
      await send(id, "proto", { last: true });
      expect((await untilEnded(instance, id)).result).toEqual([1, 2, 3, 4, { last: true }]);
    });

    test("that arrives after its wait timed out is delivered to the next wait", async () => {
      await deploy(
        instance,
        "late-event",
        `export async function run(ctx) {
            const first = await ctx.waitForEvent("approved", { timeout: 50 }).catch((error) => error.name);
            const aborted = await ctx
              .waitForEvent("approved", { signal: AbortSignal.timeout(20) })
              .catch((error) => error.name);
            return [first, aborted, await ctx.waitForEvent("approved", { timeout: "1m" })];
          }`,
      );
      const id = await startExecution(instance, "late-event");
      await until(instance, id, ({ steps }) => steps.filter(isWait).length === 3);
      await send(id, "approved", "yes");
      expect((await untilEnded(instance, id)).result).toEqual(["TimeoutError", "TimeoutError", "yes"]);
    });

    test("in a race with a sleep resolves to the first of both, and the clock has advanced", async () => {
      await deploy(
        instance,
        "hook-race",
        `export async function run(ctx) {
            const seen = [];
            for (const sleepMs of [3_600_000, 30]) {
              const before = Date.now();
              const won = await Promise.race([ctx.waitForEvent("hook"), ctx.sleep(sleepMs).then(() => "slept")]);
              const after = Date.now();
              await ctx.sleep(5);
              seen.push([won, after >= before + (won === "slept" ? 30 : 0), Date.now() >= after + 5]);
            }
            return seen;
          }`,
      );
      const id = await startExecution(instance, "hook-race");
      await until(instance, id, ({ steps }) => steps.length === 2);
      await send(id, "hook", "hooked");
      expect((await untilEnded(instance, id)).result).toEqual([
        ["hooked", true, true],
        ["slept", true, true],
      ]);
    });

    test("for a scheduled execution is rejected until it has started", async () => {
      await deploy(instance, "delayed", "export const run = async (ctx) => await ctx.waitForEvent('early');");
      await deploy(instance, "sender", "export const run = (ctx) => ctx.send('delayed', { delay: 4000 });");
      const { executionId } = (await execute(instance, "sender")).result;
      const refused = { status: 409, body: { code: "execution-not-started" } };
      expect(await send(executionId, "early", "bird")).toMatchObject(refused);
      await until(instance, executionId, ({ steps }) => steps.length > 0);
      expect(await send(executionId, "early", "bird")).toMatchObject({ status: 202 });
      expect((await untilEnded(instance, executionId)).result).toBe("bird");
    });

    test("and computed durations are the same on a replay", async () => {
      await deploy(
        instance,
        "computed",
        `export async function run(ctx) {
            const slept = [];
            for (let round = 0; round < 5; round += 1) {
              const durationMs = Math.floor(Math.random() * 20) + (Date.now() % 7);
              const before = Date.now();
              await Promise.race([ctx.sleep(durationMs), ctx.waitForEvent("never" + durationMs, { timeout: "1h" })]);
              slept.push(Date.now() - before >= durationMs);
            }
            return slept;
          }`,
      );
      expect((await execute(instance, "computed")).result).toEqual([true, true, true, true, true]);
    });

    test("for an ended or missing execution, or without a name, is rejected", async () => {
      await deploy(instance, "ended", "export async function run() { return 1; }");
      const id = await startExecution(instance, "ended");
      await untilEnded(instance, id);
      expect(await send(id, "hook", 1)).toMatchObject({ status: 409, body: { code: "execution-ended" } });
      expect(await send("inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz", "hook", 1)).toMatchObject({
        status: 404,
        body: { code: "execution-not-found" },
      });
      expect(await send(id, "no%20name", 1)).toMatchObject({ body: { code: "invalid-event-name" } });
    });
  });

  test("an unhandled error fails the execution immediately, and is logged in the console", async () => {
    await deploy(
      instance,
      "unhandled",
      `export async function run(ctx) {
          await ctx.sleep(10);
          [1, 2].forEach(async (item) => { await null; throw new Error("lost " + item, { cause: new Error("deep") }); });
          await ctx.sleep("1 h");
        }`,
    );
    const executionId = await startExecution(instance, "unhandled");
    const { status, failure } = await untilEnded(instance, executionId);
    expect({ status, failure }).toMatchObject({ status: "failed", failure: { message: "lost 1" } });
    const cause = { name: "Error", message: "deep", stack: expect.stringMatching(/^at .*\.[jt]s:3:/) };
    expect(failure).toMatchObject({ stack: expect.stringMatching(/\.[jt]s:3:/), cause });
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(JSON.stringify(body)).toContain("Unhandled rejection:");
  });

  test('a workflow that exports unhandledRejections = "warn" continues after one, which is logged once', async () => {
    await deploy(
      instance,
      "unhandled-warn",
      `export const unhandledRejections = "warn";
        export async function run(ctx) {
          setTimeout(async () => { throw new Error("lost"); }, 5);
          await ctx.sleep(20);
          return "returned";
        }`,
    );
    const executionId = await startExecution(instance, "unhandled-warn");
    const { status, result } = await untilEnded(instance, executionId);
    expect({ status, result }).toEqual({ status: "completed", result: "returned" });
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(body.items).toMatchObject([{ arguments: ["Unhandled rejection:", { message: "lost" }] }]);
  });

  test("an unhandled error after run has returned is a console line and not a failure", async () => {
    await deploy(
      instance,
      "unhandled-late",
      `export async function run(ctx, url) {
          fetch(url + "/note?late", { method: "POST" }).then(() => { throw new Error("too late"); });
          return "returned";
        }`,
    );
    const executionId = await startExecution(instance, "unhandled-late", target.url);
    const { status, result, failure } = await untilEnded(instance, executionId);
    expect({ status, result, failure }).toEqual({ status: "completed", result: "returned" });
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(JSON.stringify(body)).toContain("too late");
  });

  test("timers of the top level start with each execution, and end with it", async () => {
    await deploy(
      instance,
      "top-level-timers",
      `const fired = [];
        setTimeout(() => fired.push("timeout"), 20);
        setInterval(() => fired.push("tick"), 3_600_000);
        export async function run(ctx) {
          const before = fired.length;
          await ctx.sleep(50);
          return [before, ...fired];
        }`,
    );
    for (const executionId of [
      await startExecution(instance, "top-level-timers"),
      await startExecution(instance, "top-level-timers"),
    ]) {
      const { status, result } = await untilEnded(instance, executionId);
      expect({ status, result }).toEqual({ status: "completed", result: [0, "timeout"] });
    }
  });

  test("a callback works once, without a key, and cannot be guessed", async () => {
    await deploy(
      instance,
      "calls-back",
      `export async function run(ctx, url) {
          const { url: first } = ctx.createCallback();
          const { url: address, promise } = ctx.createCallback({ timeout: "1h" });
          await fetch(url + "/note?calls-back", { method: "POST", body: JSON.stringify([first, address]) });
          return [await promise, address];
        }`,
    );
    const id = await startExecution(instance, "calls-back", target.url);
    await until(instance, id, () => notes("calls-back").length > 0);
    const [[, address]] = notes("calls-back") as [[string, string]];
    const form = new RegExp(`^${instance.url}/callbacks/[0-9a-f]{8}[\\w-]+\\.${id}\\.1\\.[0-9a-f]{64}$`);
    expect(address).toMatch(form);
    const brokenSeal = address.replace(/(?<=callbacks\/.{20})./, (letter) => (letter === "a" ? "b" : "a"));
    expect(await post(brokenSeal)).toBe(404);
    expect(await post(address.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")))).toBe(404);
    expect(await post(address)).toBe(202);
    expect(await post(address)).toBe(409);
    expect((await untilEnded(instance, id)).result).toEqual([{ paid: true }, address]);
  });

  test("state is shared by the executions of one workflow, and concurrent updates lose nothing", async () => {
    const source = `export async function run(ctx, key) {
        await ctx.state.set("cart", { items: [key] });
        const cart = await ctx.state.get("cart");
        const missing = await ctx.state.get("missing");
        const counts = await Promise.all([1, 2].map(() => ctx.state.update("count", (count = 0) => count + 1)));
        await ctx.state.delete("cart");
        return { cart, missing: missing === undefined, counts: counts.length, keys: await ctx.state.keys() };
      }`;
    await deploy(instance, "keeps", source);
    const ids = await Promise.all(
      [1, 2, 3, 4].map(async (key) => await startExecution(instance, "keeps", key)),
    );
    for (const id of ids) {
      const { result, steps } = await untilEnded(instance, id);
      expect(result).toMatchObject({ missing: true, counts: 2 });
      expect(steps.map(({ name }: { name: string }) => name).slice(0, 3)).toEqual([
        "state set cart",
        "state get cart",
        "state get missing",
      ]);
    }
    await deploy(instance, "keeps", "export const run = (ctx) => ctx.state.get('count');");
    expect((await execute(instance, "keeps")).result).toBe(8);
  });

  test("a call returns the result or failure of another workflow, and a send starts one", async () => {
    await deploy(
      instance,
      "callee",
      `export async function run(ctx, payload) {
          if (payload === "fail") throw new RangeError("too much");
          if (payload === "state") await ctx.state.set("sent", ctx.entryPoint);
          return [ctx.entryPoint ?? null, payload];
        }`,
    );
    await deploy(
      instance,
      "caller",
      `export async function run(ctx) {
          const begun = Date.now();
          const done = await ctx.call("callee", { entryPoint: "charge", payload: { total: 3 } });
          const failed = (error) => [error.name, error.message, error.code];
          const bad = await ctx.call("callee", { payload: "fail" }).catch(failed);
          const none = await ctx.call("no-such-workflow").catch(failed);
          const { executionId } = await ctx.send("callee", { payload: "later", delay: 50 });
          return { done, bad, none, executionId, moved: Date.now() > begun };
        }`,
    );
    const { result, steps } = await execute(instance, "caller");
    expect(result).toMatchObject({
      done: ["charge", { total: 3 }],
      bad: ["RangeError", "too much", "workflow-failed"],
      none: ["Error", expect.stringContaining("no-such-workflow"), "workflow-not-found"],
      moved: true,
    });
    expect(steps.map(({ name }: { name: string }) => name)).toContain("call callee/charge");
    expect((await untilEnded(instance, result.executionId)).result).toEqual([null, "later"]);
  });

  test("sends beyond the rate per second start later, and all of them start", async () => {
    await deploy(instance, "paced", "export const run = () => Date.now();");
    await deploy(
      instance,
      "flood",
      `export async function run(ctx) {
          const sent = await Promise.all(Array.from({ length: 76 }, () => ctx.send("paced")));
          return sent.map(({ executionId }) => executionId);
        }`,
    );
    const { result: ids } = await execute(instance, "flood");
    const begun: number[] = [];
    for (const id of ids) begun.push((await untilEnded(instance, id)).result);
    // Two seconds at least by their times. The first of them may have begun late.
    expect(Math.max(...begun) - Math.min(...begun)).toBeGreaterThanOrEqual(1_000);
  });

  test("a cancellation ends a workflow that never stops cleaning up", async () => {
    expect(await uncooperative).toMatchObject({ status: "cancelled" });
  });

  // Its first turn never ends and occupies a processor, so replaying it would show nothing more.
  test.skipIf(isReplayed)("a cancellation ends a workflow in an endless loop", async () => {
    expect(await looping).toMatchObject({
      status: "cancelled",
      failure: { name: "CancelledError", code: "cancelled" },
    });
  });
});

/** Cancels an execution that never stops cleaning up, and returns it when it has ended. */
async function cancelCleaning(instance: Instance): Promise<ApiAnswer["body"]> {
  await deploy(
    instance,
    "endless",
    `export async function run(ctx) {
        for (;;) await ctx.sleep("1h").catch(() => {});
      }`,
  );
  const id = await startExecution(instance, "endless");
  await until(instance, id, ({ steps }) => steps.length === 1);
  await instance.request("POST", `/executions/${id}/cancel`);
  return await untilEnded(instance, id);
}

/** Cancels an execution whose first turn never ends, and returns it when it has ended. */
async function cancelLoop(): Promise<ApiAnswer["body"]> {
  const endless = "1e15";
  await using instance = await startInstance({
    DURANIUM_MAX_TURN_FUEL: endless,
    DURANIUM_MAX_EXECUTION_FUEL: endless,
    DURANIUM_TURN_TIMEOUT_MS: "2000",
  });
  await deploy(instance, "loops-forever", "export async function run() { for (;;) {} }");
  await setLimits(instance, "loops-forever", { turnFuel: Number(endless), executionFuel: Number(endless) });
  const id = await startExecution(instance, "loops-forever");
  await until(instance, id, ({ attempts, status }) => attempts > 0 && status !== "scheduled");
  await instance.request("POST", `/executions/${id}/cancel`);
  return await untilEnded(instance, id);
}
