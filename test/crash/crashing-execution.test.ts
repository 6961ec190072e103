import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, setLimits, until, untilEnded } from "../support/executions.ts";
import { executorBeside } from "../support/executor-beside.ts";
import { createInstance, startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** Its loop is to be ended by what ends its executor, and not by its fuel; an executor that stops waits for it in vain. */
const patience = {
  DURANIUM_MAX_TURN_FUEL: "1e15",
  DURANIUM_MAX_EXECUTION_FUEL: "1e15",
  DURANIUM_DRAIN_TIMEOUT_SECONDS: "1",
};

describe("an execution that crashes its executor repeatedly", () => {
  let instance: Instance;
  let executor: Instance;
  beforeAll(async () => {
    instance = await startInstance(patience);
    executor = await createInstance({
      ...executorBeside(instance),
      ...patience,
    });
    await executor.start();
    // Two harmless turns precede the harmful one.
    await deploy(
      instance,
      "killer",
      "export async function run(ctx) { await ctx.sleep(1); await ctx.sleep(1); for (;;); }",
    );
    await setLimits(instance, "killer", { turnFuel: 1e15, executionFuel: 1e15 });
    await deploy(
      instance,
      "neighbour",
      "export async function run(ctx, n) { for (let i = 0; i < n; i++) await ctx.sleep(500); return n; }",
    );
  });
  afterAll(async () => {
    await executor[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test("is paused with the reason and retried when it is resumed, while other executions continue", async () => {
    const neighbour = await startExecution(instance, "neighbour", 20);
    const killer = await startExecution(instance, "killer");
    for (let deaths = 0; deaths < 3; deaths += 1) {
      await inTurn(killer);
      await executor.kill();
      await executor.start();
    }
    const { lastFailure } = await until(instance, killer, ({ status }) => status === "paused");
    expect(lastFailure).toMatchObject({
      code: "executor-crashed",
      message: expect.stringMatching(/^Execution paused: .* 3 times .* in turn 3 /),
      hint: expect.stringMatching(/resume/i),
    });
    expect(await untilEnded(instance, neighbour)).toMatchObject({ status: "completed", result: 20 });
    await instance.request("POST", `/executions/${killer}/resume`);
    await inTurn(killer);
    // An orderly stop is not a crash.
    await executor.stop();
    expect(notes()).toEqual([]);
    await end(killer);
  });

  test("is also paused if only its thread was terminated repeatedly", async () => {
    await executor.start({ environment: { DURANIUM_TURN_TIMEOUT_MS: "1000" } });
    const neighbour = await startExecution(instance, "neighbour", 3);
    const killer = await startExecution(instance, "killer");
    const { lastFailure } = await until(instance, killer, ({ status }) => status === "paused");
    expect(lastFailure.code).toBe("executor-crashed");
    expect(await untilEnded(instance, neighbour)).toMatchObject({ status: "completed", result: 3 });
    await end(killer);
  });

  test("is also paused if it crashes one executor process after another", async () => {
    await executor.start({ environment: { DURANIUM_EXECUTOR_PROCESSES: "2" } });
    const neighbour = await startExecution(instance, "neighbour", 20);
    const killer = await startExecution(instance, "killer");
    const killed = new Set<number>();
    const paused = until(instance, killer, ({ status }) => status === "paused");
    const isPaused = async () => await Promise.race([paused.then(() => true), delay(20, false)]);
    while (!(await isPaused())) {
      for (const pid of pidsIn(`${killer} 2`)) {
        if (killed.has(pid)) continue;
        killed.add(pid);
        process.kill(pid, "SIGKILL");
      }
    }
    expect((await paused).lastFailure.code).toBe("executor-crashed");
    // The counts of a crash are read once a second, and it is counted when the process is started again.
    expect(killed.size).toBeGreaterThanOrEqual(3);
    expect(killed.size).toBeLessThanOrEqual(6);
    expect(await untilEnded(instance, neighbour)).toMatchObject({ status: "completed", result: 20 });
    await end(killer);
    await executor.stop();
  });

  test("fails permanently if it is a deploy", async () => {
    await executor.start();
    const deploying = instance.request("POST", "/workflows/endless/deploy", {
      body: { source: "for (;;); export async function run() {}" },
    });
    for (let deaths = 0; deaths < 3; deaths += 1) {
      while (!notes().some((note) => note.startsWith("inv_") && note.endsWith(" -1"))) await delay(20);
      await executor.kill();
      await executor.start();
    }
    const { status, body } = await deploying;
    expect({ status, code: body.code }).toEqual({ status: 422, code: "compiler-crashed" });
    expect(notes().join("")).toBe("");
  });

  /** Waits until the execution is in the turn that it does not end by itself. */
  async function inTurn(executionId: string): Promise<void> {
    while (!notes().includes(`${executionId} 2`)) await delay(20);
  }

  /** The processes in such a turn. */
  function pidsIn(turn: string): readonly number[] {
    const folder = join(executor.dataDir, "turn-markers");
    const markers = readdirSync(folder).filter((name) => textOf(join(folder, name)).trim() === turn);
    return markers.map((name) => Number.parseInt(name, 10));
  }

  function notes(): readonly string[] {
    const folder = join(executor.dataDir, "turn-markers");
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim());
  }

  async function end(executionId: string): Promise<void> {
    await fetch(`${instance.restateAdminUrl}/invocations/${executionId}/kill`, { method: "PATCH" });
    await untilEnded(instance, executionId);
  }
});

/** The file of a process that has ended may be gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
