import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, startExecution, untilEnded } from "../support/executions.ts";
import { attemptsOfProcesses, executorPids } from "../support/executor-processes.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Enough for several connections per process: Restate opens one for about six requests in flight. */
const concurrent = 96;

describe("a confined installation with two executor processes", () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const closed: string[] = [];
  let instance: Instance;
  let target: Target;
  beforeAll(async () => {
    target = await startTarget({
      "POST /first": async () => await first.promise,
      "POST /second": async () => await second.promise,
      "POST /never": async (_, response) => {
        await once(response, "close");
        closed.push("POST /never");
        return handled;
      },
      "POST /cleaned": () => null,
    });
    instance = await createInstance({ DURANIUM_EXECUTOR_PROCESSES: "2" });
    // The processes inherit the permissions, which is more than they need without them.
    await instance.start({ entry: "src/confined.ts" });
    await deploy(
      instance,
      "held",
      "export async function run(ctx, url) { await fetch(url, { method: 'POST' }); return 'released'; }",
    );
  });
  afterAll(async () => {
    await instance?.[Symbol.asyncDispose]();
    await target?.[Symbol.asyncDispose]();
  });

  test("shares the executions of a single workflow", async () => {
    const before = await attemptsOfProcesses(instance);
    const ids = await startHeld(`${target.url}/first`, concurrent);
    await target.arrived("POST /first", concurrent);
    const shares = (await attemptsOfProcesses(instance)).map((count, index) => count - (before[index] ?? 0));
    first.resolve();
    await allReleased(ids);
    expect(shares).toHaveLength(2);
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect(Math.max(...shares) / total).toBeLessThanOrEqual(0.6);
  });

  test("starts a killed executor process again, and completes its executions", async () => {
    const [killed = 0, other = 0] = executorPids(instance);
    const ids = await startHeld(`${target.url}/second`, concurrent);
    await target.arrived("POST /second", concurrent);
    process.kill(killed, "SIGKILL");
    await target.arrived("POST /second", concurrent + 1);
    second.resolve();
    await allReleased(ids);
    // Those of the other process did not send their requests again.
    expect(target.count("POST /second")).toBeLessThan(concurrent * 2);
    while (executorPids(instance).length < 2) await delay(20);
    expect(executorPids(instance)).toContain(other);
    expect(executorPids(instance)).not.toContain(killed);
    expect(instance.output()).toMatch(/executor process [12] exited \(SIGKILL\), and is started again/);
  });

  test("cancels executions that wait for a fetch, whichever process they run in", async () => {
    await deploy(
      instance,
      "cancelled",
      `export async function run(ctx, url) {
        try {
          await fetch(url + "/never", { method: "POST" });
        } finally {
          await fetch(url + "/cleaned", { method: "POST" });
        }
      }`,
    );
    const before = await attemptsOfProcesses(instance);
    const starting = Array.from({ length: 24 }, () => startExecution(instance, "cancelled", target.url));
    const ids = await Promise.all(starting);
    await target.arrived("POST /never", ids.length);
    const shares = (await attemptsOfProcesses(instance)).map((count, index) => count - (before[index] ?? 0));
    expect(shares.every((share) => share > 0)).toBe(true);
    await Promise.all(ids.map(async (id) => await instance.request("POST", `/executions/${id}/cancel`)));
    const ended = await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(["cancelled"]));
    // They ended by themselves: one that is killed after its grace period cleans nothing up.
    expect(target.count("POST /cleaned")).toBe(ids.length);
    expect(target.count("POST /never")).toBe(ids.length);
    await expect.poll(() => closed.length).toBe(ids.length);
  });

  async function startHeld(url: string, count: number): Promise<readonly string[]> {
    return await Promise.all(Array.from({ length: count }, () => startExecution(instance, "held", url)));
  }

  async function allReleased(ids: readonly string[]): Promise<void> {
    const ended = await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    expect(new Set(ended.map(({ result }) => result))).toEqual(new Set(["released"]));
  }
});
