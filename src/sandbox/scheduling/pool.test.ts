import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { CompiledWorkflow } from "../../domain/workflow.ts";
import type { Guest, Turn } from "../../host/guest.ts";
import { answer, bytesOf, testContext, textOf } from "../testing/images.ts";
import { openTestSandbox } from "../testing/sandbox.ts";
import type { TestSandbox } from "../testing/sandbox.ts";
import { instanceYieldAfterMs, maxRememberedBytes } from "./limits.ts";
import { SandboxPool } from "./pool.ts";
import type { SandboxPoolOptions } from "./pool.ts";

/** Long enough for every legitimate turn on a busy machine. */
const turnTimeoutMs = 2_500;

/** More fuel than a turn can use before it times out. */
const unlimitedFuel = { ...defaultExecutionLimits, turnFuel: 1e15, executionFuel: 1e15 };

describe("a sandbox pool", () => {
  let sandbox: TestSandbox;
  let counting: CompiledWorkflow;
  let endless: CompiledWorkflow;

  beforeAll(async () => {
    sandbox = await openTestSandbox();
    counting = await sandbox.compile(`
      let runs = 0;
      export async function run(ctx, payload) {
        runs += 1;
        await ctx.sleep(1000);
        return { runs, payload };
      }`);
    endless = await sandbox.compile("export function run() { for (;;); }");
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  test("the pool runs a workflow to its end", async () => {
    await using pool = open();
    using guest = await pool.acquire(counting);
    const begun = await guest.run(testContext, bytesOf("x"));
    expect(begun.calls.map(({ id, operation }) => [id, operation])).toEqual([[0, "sleep"]]);
    expect(begun.completion).toBeUndefined();
    expect(resultOf(await guest.settle(answer(0)))).toEqual({ runs: 1, payload: "x" });
  });

  test("an execution starts between the many that another workflow starts at the same moment", async () => {
    await using pool = open({ workers: 1, maxInstances: 30 });
    const order: string[] = [];
    const start = async (workflowId: string) => {
      using guest = await pool.acquire({ ...counting, workflowId });
      await guest.run(testContext, bytesOf(1));
      order.push(workflowId);
    };
    const greedy = Array.from({ length: 20 }, async () => await start("greedy"));
    await Promise.all([...greedy, start("modest")]);
    expect(order.indexOf("modest")).toBeLessThan(6);
  });

  test("every execution gets the workflow as deployed, also in a reused instance", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const runs: unknown[] = [];
    for (let execution = 0; execution < 3; execution++) {
      using guest = await pool.acquire(counting);
      await guest.run(testContext, bytesOf(execution));
      runs.push(resultOf(await guest.settle(answer(0))));
    }
    expect(runs).toEqual([0, 1, 2].map((payload) => ({ runs: 1, payload })));
  });

  test("many executions run concurrently on all threads", async () => {
    await using pool = open({ workers: 2 });
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, payload) => {
        using guest = await pool.acquire(counting);
        await guest.run(testContext, bytesOf(payload));
        return resultOf(await guest.settle(answer(0)));
      }),
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, payload) => ({ runs: 1, payload })));
  });

  test("a workflow without an instance is served before one that wants another", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const held = await pool.acquire({ ...counting, workflowId: "greedy" });
    const order: string[] = [];
    const waiting = ["greedy", "greedy", "modest"].map(async (workflowId) => {
      using _guest = await pool.acquire({ ...counting, workflowId });
      order.push(workflowId);
    });
    held[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual(["modest", "greedy", "greedy"]);
  });

  test("an idle execution is asked once for its instance when another one waits", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const asked = Promise.withResolvers<void>();
    let timesAsked = 0;
    const sleeper = await pool.acquire({
      ...counting,
      onWanted: () => {
        timesAsked += 1;
        asked.resolve();
      },
    });
    await sleeper.run(testContext, bytesOf("first"));
    const waiting = pool.acquire(counting);
    expect(pool.use()).toEqual({ instances: 1, maxInstances: 1, waiting: 1 });
    await asked.promise;
    sleeper[Symbol.dispose]();
    using next = await waiting;
    await next.run(testContext, bytesOf("second"));
    expect(resultOf(await next.settle(answer(0)))).toEqual({ runs: 1, payload: "second" });
    expect(timesAsked).toBe(1);
    expect(pool.use()).toEqual({ instances: 1, maxInstances: 1, waiting: 0 });
  });

  test("the instance of an asked execution that is still idle is reclaimed", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    using fetching = await pool.acquire({ ...counting, onWanted: () => {} });
    await fetching.run(testContext, bytesOf("first"));
    using next = await pool.acquire(counting);
    await next.run(testContext, bytesOf("second"));
    expect(resultOf(await next.settle(answer(0)))).toEqual({ runs: 1, payload: "second" });
    await expect(fetching.settle(answer(0))).rejects.toMatchObject({ code: "internal", retryable: true });
    fetching[Symbol.dispose]();
    expect(pool.use()).toEqual({ instances: 1, maxInstances: 1, waiting: 0 });
  });

  test("no execution is asked while an instance is free", async () => {
    await using pool = open({ workers: 1, maxInstances: 2 });
    let isAsked = false;
    using sleeper = await pool.acquire({ ...counting, onWanted: () => (isAsked = true) });
    await sleeper.run(testContext, bytesOf(null));
    await delay(2 * instanceYieldAfterMs);
    using next = await pool.acquire(counting);
    await next.run(testContext, bytesOf(null));
    await delay(2 * instanceYieldAfterMs);
    expect(isAsked).toBe(false);
  });

  test("an endless turn times out, and only its execution is blamed", async () => {
    await using pool = open({ workers: 1 });
    using neighbour = await pool.acquire(counting);
    // The history of this guest is too large to be replayed, so it stays on its thread.
    await neighbour.run(testContext, bytesOf("x".repeat(maxRememberedBytes)));
    using culprit = await pool.acquire({ ...endless, limits: unlimitedFuel });
    const stopped = expect(culprit.run(testContext, bytesOf(null))).rejects.toMatchObject({
      code: "turn-timeout",
      retryable: true,
    });
    // A first turn is sent to its thread asynchronously.
    await setImmediate();
    const lost = expect(neighbour.settle(answer(0))).rejects.toMatchObject({
      code: "worker-lost",
      retryable: true,
    });
    await Promise.all([stopped, lost]);
    await expect(neighbour.settle(answer(0))).rejects.toMatchObject({ code: "worker-lost" });
  });

  test("guests behind a long turn continue on another thread with the same result", async () => {
    const fuelOf = async (guest: Guest, payload: number) => {
      await guest.run(testContext, bytesOf(payload));
      return async () => [resultOf(await guest.settle(answer(0))), guest.fuelUsed];
    };
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    const guests = await Promise.all([0, 1, 2].map(async () => await pool.acquire(counting)));
    const settles = await Promise.all(guests.map(fuelOf));
    const undisturbed = await settles[0]?.();
    using culprit = await pool.acquire({ ...endless, limits: unlimitedFuel });
    let hasEnded = false;
    const turn = culprit.run(testContext, bytesOf(null)).finally(() => (hasEnded = true));
    turn.catch(() => {});
    const moved = await Promise.all(settles.slice(1).map(async (settle) => await settle()));
    expect(hasEnded).toBe(false);
    expect(moved.map(([result]) => result)).toEqual([1, 2].map((payload) => ({ runs: 1, payload })));
    expect(moved.map(([, fuelUsed]) => fuelUsed)).toEqual([undisturbed?.[1], undisturbed?.[1]]);
    using newcomer = await pool.acquire(counting);
    await newcomer.run(testContext, bytesOf("new"));
    expect(resultOf(await newcomer.settle(answer(0)))).toEqual({ runs: 1, payload: "new" });
    expect(hasEnded).toBe(false);
    for (const guest of guests) guest[Symbol.dispose]();
  });

  test("executions continue next to many long turns", async () => {
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    const culprits = await Promise.all(
      Array.from({ length: 4 }, () => pool.acquire({ ...endless, limits: unlimitedFuel })),
    );
    let ended = 0;
    for (const culprit of culprits) {
      culprit.run(testContext, bytesOf(null)).catch(() => (ended += 1));
    }
    using guest = await pool.acquire(counting);
    await guest.run(testContext, bytesOf("beside"));
    expect(resultOf(await guest.settle(answer(0)))).toEqual({ runs: 1, payload: "beside" });
    expect(ended).toBe(0);
  });

  test("a guest whose thread ended moves to another thread", async () => {
    await using pool = open({ workers: 1 });
    using neighbour = await pool.acquire(counting);
    await neighbour.run(testContext, bytesOf("kept"));
    using culprit = await pool.acquire({ ...endless, limits: unlimitedFuel });
    await expect(culprit.run(testContext, bytesOf(null))).rejects.toMatchObject({ code: "turn-timeout" });
    expect(resultOf(await neighbour.settle(answer(0)))).toEqual({ runs: 1, payload: "kept" });
  });

  test("a lost thread is replaced", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    {
      using culprit = await pool.acquire({ ...endless, limits: unlimitedFuel });
      await expect(culprit.run(testContext, bytesOf(null))).rejects.toThrow();
    }
    using guest = await pool.acquire(counting);
    await guest.run(testContext, bytesOf(null));
    expect(resultOf(await guest.settle(answer(0)))).toMatchObject({ runs: 1 });
  });

  test("a guest's failure reaches its caller, and its thread serves the next guest", async () => {
    const greedy = await sandbox.compile(
      "export function run() { const all = []; for (;;) all.push({ all }); }",
    );
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    using neighbour = await pool.acquire(counting);
    await neighbour.run(testContext, bytesOf(null));
    using guest = await pool.acquire(greedy);
    await expect(guest.run(testContext, bytesOf(null))).rejects.toMatchObject({ code: "out-of-memory" });
    await expect(guest.settle(answer(0))).rejects.toMatchObject({ code: "out-of-memory" });
    expect(resultOf(await neighbour.settle(answer(0)))).toMatchObject({ runs: 1 });
  });

  test("a turn without fuel ends, and its thread survives", async () => {
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    using neighbour = await pool.acquire(counting);
    await neighbour.run(testContext, bytesOf(null));
    using guest = await pool.acquire({ ...endless, limits: { ...defaultExecutionLimits, turnFuel: 1e8 } });
    const refusal = {
      code: "out-of-fuel",
      retryable: false,
      message: expect.stringContaining("100,000,000"),
    };
    await expect(guest.run(testContext, bytesOf(null))).rejects.toMatchObject(refusal);
    await expect(guest.settle(answer(0))).rejects.toMatchObject(refusal);
    expect(guest.fuelUsed).toBe(1e8);
    expect(resultOf(await neighbour.settle(answer(0)))).toMatchObject({ runs: 1 });
  });

  test("an execution uses the same fuel on every thread", async () => {
    await using pool = open({ workers: 2 });
    const used = await Promise.all(
      [0, 1, 2, 3].map(async () => {
        using guest = await pool.acquire(counting);
        const amounts = [guest.fuelUsed];
        await guest.run(testContext, bytesOf(null));
        amounts.push(guest.fuelUsed);
        await guest.settle(answer(0));
        return [...amounts, guest.fuelUsed];
      }),
    );
    expect(new Set(used.map(String)).size).toBe(1);
    const [[before = -1, first = 0, second = 0] = []] = used;
    expect(before).toBe(0);
    expect(first).toBeGreaterThan(1_000);
    expect(second).toBeGreaterThan(first);
  });

  test("waiting executions get instances in order of arrival", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const first = await pool.acquire(counting);
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (place) => {
      using _guest = await pool.acquire(counting);
      order.push(place);
    });
    expect(order).toEqual([]);
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  test("an aborted wait for an instance rejects with the reason", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    using _first = await pool.acquire(counting);
    const controller = new AbortController();
    const waiting = pool.acquire({ ...counting, signal: controller.signal });
    controller.abort(new Error("the attempt ended"));
    await expect(waiting).rejects.toThrow("the attempt ended");
  });

  test("the instance of a guest that was disposed in a turn is reused", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const guest = await pool.acquire(counting);
    const turn = guest.run(testContext, bytesOf(null));
    guest[Symbol.dispose]();
    guest[Symbol.dispose]();
    using next = await pool.acquire(counting);
    await next.run(testContext, bytesOf("next"));
    expect(resultOf(await next.settle(answer(0)))).toEqual({ runs: 1, payload: "next" });
    await turn;
    await expect(guest.settle(answer(0))).rejects.toThrow("busy or disposed");
  });

  test("the instance of a guest that was disposed in an endless turn is recovered", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const guest = await pool.acquire({ ...endless, limits: unlimitedFuel });
    const turn = expect(guest.run(testContext, bytesOf(null))).rejects.toMatchObject({
      code: "turn-timeout",
    });
    guest[Symbol.dispose]();
    using next = await pool.acquire(counting);
    await next.run(testContext, bytesOf(null));
    await turn;
  });

  test("a missing artifact is named, and the instance stays available", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const imageDigest = digestOf("no image");
    await expect(pool.acquire({ ...counting, imageDigest })).rejects.toMatchObject({
      code: "artifact-missing",
    });
    using _guest = await pool.acquire(counting);
  });

  test("an artifact that is not an image is refused", async () => {
    await using pool = open({ workers: 1 });
    await expect(pool.acquire({ ...counting, imageDigest: counting.bundleDigest })).rejects.toMatchObject({
      code: "artifact-corrupt",
      message: expect.stringContaining("memory image"),
    });
  });

  test("a missing engine is refused", async () => {
    await using pool = open({ workers: 1 });
    await expect(pool.acquire({ ...counting, engineDigest: digestOf("no engine") })).rejects.toMatchObject({
      code: "engine-unavailable",
    });
  });

  test("an unsupported protocol is refused before anything is loaded", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const foreign = { ...counting, protocolVersion: 99, engineDigest: digestOf("no engine") };
    await expect(pool.acquire(foreign)).rejects.toMatchObject({
      code: "protocol-unsupported",
      retryable: true,
      message: expect.stringContaining("engine of protocol version 99. It supports 1."),
    });
    using _guest = await pool.acquire(counting);
  });

  test("an image with another protocol than recorded is refused", async () => {
    await using pool = open({ workers: 1 });
    const image = Buffer.from(await sandbox.artifacts.get(counting.imageDigest));
    image.writeUInt16LE(99, 10);
    const imageDigest = await sandbox.artifacts.put(image);
    await expect(pool.acquire({ ...counting, imageDigest })).rejects.toMatchObject({
      code: "protocol-unsupported",
    });
  });

  test("a closed pool rejects every caller", async () => {
    const pool = open({ workers: 1, maxInstances: 1 });
    const guest = await pool.acquire(counting);
    const waiting = expect(pool.acquire(counting)).rejects.toMatchObject({ code: "worker-lost" });
    await pool[Symbol.asyncDispose]();
    await waiting;
    await expect(pool.acquire(counting)).rejects.toMatchObject({ code: "worker-lost" });
    await expect(guest.run(testContext, bytesOf(null))).rejects.toMatchObject({ code: "worker-lost" });
  });

  function open(options: Partial<SandboxPoolOptions> = {}): SandboxPool {
    const { engines, artifacts } = sandbox;
    return new SandboxPool({ engines, artifacts, workers: 1, turnTimeoutMs, ...options });
  }
});

function resultOf({ completion }: Turn): unknown {
  expect(completion?.ok).toBe(true);
  return JSON.parse(textOf(completion?.json));
}
