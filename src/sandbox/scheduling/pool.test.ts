import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../domain/digest.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import { instanceYieldAfterMs, maxRememberedBytes } from "../../domain/limits.ts";
import type { CompiledWorkflow } from "../../domain/workflow.ts";
import type { Guest, Turn } from "../../host/guest.ts";
import { answer, bytesOf, testContext, textOf } from "../testing/images.ts";
import { openTestSandbox } from "../testing/sandbox.ts";
import type { TestSandbox } from "../testing/sandbox.ts";
import { createSandboxPool } from "./pool.ts";
import type { SandboxPool, SandboxPoolOptions } from "./pool.ts";

/** Long enough for every honest turn on a busy machine. */
const turnTimeoutMs = 2_500;

/** More fuel than anybody has the time to use up. */
const patience = { ...defaultExecutionLimits, turnFuel: 1e15, executionFuel: 1e15 };

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

  it("runs a workflow to its end", async () => {
    await using pool = open();
    using guest = await pool.acquire(counting);
    const begun = await guest.run(testContext, bytesOf("x"));
    expect(begun.calls.map(({ id, operation }) => [id, operation])).toEqual([[0, "sleep"]]);
    expect(begun.completion).toBeUndefined();
    expect(resultOf(await guest.settle(answer(0)))).toEqual({ runs: 1, payload: "x" });
  });

  it("starts an execution of one workflow between the many that another starts at the same moment", async () => {
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

  it("gives every execution the workflow as it was deployed, also on an instance that ran before", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const runs: unknown[] = [];
    for (let execution = 0; execution < 3; execution++) {
      using guest = await pool.acquire(counting);
      await guest.run(testContext, bytesOf(execution));
      runs.push(resultOf(await guest.settle(answer(0))));
    }
    expect(runs).toEqual([0, 1, 2].map((payload) => ({ runs: 1, payload })));
  });

  it("runs many executions side by side, on all threads", async () => {
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

  it("gives an instance to a workflow that waits for its first before another gets its next", async () => {
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

  it("asks an execution that waits for its instance when another one wants it, and asks once", async () => {
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

  it("takes the instance of an execution that was asked and still waits, as for an effect", async () => {
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

  it("asks nobody for an instance while there is another", async () => {
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

  it("stops a turn that does not end, and blames it and nobody else", async () => {
    await using pool = open({ workers: 1 });
    using neighbour = await pool.acquire(counting);
    // Too much to be given to another thread again: it stays where it is.
    await neighbour.run(testContext, bytesOf("x".repeat(maxRememberedBytes)));
    using culprit = await pool.acquire({ ...endless, limits: patience });
    const stopped = expect(culprit.run(testContext, bytesOf(null))).rejects.toMatchObject({
      code: "turn-timeout",
      retryable: true,
    });
    // A first turn goes to its thread a moment later.
    await setImmediate();
    const lost = expect(neighbour.settle(answer(0))).rejects.toMatchObject({
      code: "worker-lost",
      retryable: true,
    });
    await Promise.all([stopped, lost]);
    await expect(neighbour.settle(answer(0))).rejects.toMatchObject({ code: "worker-lost" });
  });

  it("lets those who wait behind a turn that takes long go on elsewhere, as if nothing had been", async () => {
    const fuelOf = async (guest: Guest, payload: number) => {
      await guest.run(testContext, bytesOf(payload));
      return async () => [resultOf(await guest.settle(answer(0))), guest.fuelUsed];
    };
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    const guests = await Promise.all([0, 1, 2].map(async () => await pool.acquire(counting)));
    const settles = await Promise.all(guests.map(fuelOf));
    const undisturbed = await settles[0]?.();
    using culprit = await pool.acquire({ ...endless, limits: patience });
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

  it("goes on beside many turns that take long, each on a thread of its own", async () => {
    await using pool = open({ workers: 1, turnTimeoutMs: 60_000 });
    const culprits = await Promise.all(
      Array.from({ length: 4 }, () => pool.acquire({ ...endless, limits: patience })),
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

  it("takes a guest to another thread whose own was ended while it waited", async () => {
    await using pool = open({ workers: 1 });
    using neighbour = await pool.acquire(counting);
    await neighbour.run(testContext, bytesOf("kept"));
    using culprit = await pool.acquire({ ...endless, limits: patience });
    await expect(culprit.run(testContext, bytesOf(null))).rejects.toMatchObject({ code: "turn-timeout" });
    expect(resultOf(await neighbour.settle(answer(0)))).toEqual({ runs: 1, payload: "kept" });
  });

  it("goes on with a new thread after one was lost", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    {
      using culprit = await pool.acquire({ ...endless, limits: patience });
      await expect(culprit.run(testContext, bytesOf(null))).rejects.toThrow();
    }
    using guest = await pool.acquire(counting);
    await guest.run(testContext, bytesOf(null));
    expect(resultOf(await guest.settle(answer(0)))).toMatchObject({ runs: 1 });
  });

  it("hands a guest's failure to its caller, and its thread to the next", async () => {
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

  it("ends a turn whose fuel is used up, and leaves its thread to the others", async () => {
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

  it("counts the fuel of all turns of an execution, the same on every thread", async () => {
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

  it("lets callers wait for an instance in the order in which they came", async () => {
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

  it("stops waiting for an instance when the caller does", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    using _first = await pool.acquire(counting);
    const controller = new AbortController();
    const waiting = pool.acquire({ ...counting, signal: controller.signal });
    controller.abort(new Error("the attempt ended"));
    await expect(waiting).rejects.toThrow("the attempt ended");
  });

  it("gets an instance back that was given up in the middle of a turn", async () => {
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

  it("gets an instance back that was given up in the middle of a turn that does not end", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const guest = await pool.acquire({ ...endless, limits: patience });
    const turn = expect(guest.run(testContext, bytesOf(null))).rejects.toMatchObject({
      code: "turn-timeout",
    });
    guest[Symbol.dispose]();
    using next = await pool.acquire(counting);
    await next.run(testContext, bytesOf(null));
    await turn;
  });

  it("names the artifact that is missing, and keeps the instance", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const imageDigest = digestOf("no image");
    await expect(pool.acquire({ ...counting, imageDigest })).rejects.toMatchObject({
      code: "artifact-missing",
    });
    using _guest = await pool.acquire(counting);
  });

  it("refuses an artifact that is no image", async () => {
    await using pool = open({ workers: 1 });
    await expect(pool.acquire({ ...counting, imageDigest: counting.bundleDigest })).rejects.toMatchObject({
      code: "artifact-corrupt",
      message: expect.stringContaining("memory image"),
    });
  });

  it("refuses an engine that is not here", async () => {
    await using pool = open({ workers: 1 });
    await expect(pool.acquire({ ...counting, engineDigest: digestOf("no engine") })).rejects.toMatchObject({
      code: "engine-unavailable",
    });
  });

  it("refuses what speaks another protocol, and says which, before it looks for anything", async () => {
    await using pool = open({ workers: 1, maxInstances: 1 });
    const foreign = { ...counting, protocolVersion: 99, engineDigest: digestOf("no engine") };
    await expect(pool.acquire(foreign)).rejects.toMatchObject({
      code: "protocol-unsupported",
      retryable: true,
      message: expect.stringContaining("engine of protocol version 99. It supports 1."),
    });
    using _guest = await pool.acquire(counting);
  });

  it("refuses an image that speaks another protocol than is said of it", async () => {
    await using pool = open({ workers: 1 });
    const image = Buffer.from(await sandbox.artifacts.get(counting.imageDigest));
    image.writeUInt16LE(99, 10);
    const imageDigest = await sandbox.artifacts.put(image);
    await expect(pool.acquire({ ...counting, imageDigest })).rejects.toMatchObject({
      code: "protocol-unsupported",
    });
  });

  it("refuses everybody once it is closed", async () => {
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
    return createSandboxPool({ engines, artifacts, workers: 1, turnTimeoutMs, ...options });
  }
});

function resultOf({ completion }: Turn): unknown {
  expect(completion?.ok).toBe(true);
  return JSON.parse(textOf(completion?.json));
}
