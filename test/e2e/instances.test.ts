import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { startExecution, deploy, execute } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { executionIds } from "../support/introspection.ts";
import { testTimeoutMs } from "../support/time-limits.ts";

/** Far more than there are instances, and than Restate runs at once. */
const sleepers = 400;

test(
  "hundreds of sleeping executions hold no instance, and all wake",
  async () => {
    await using instance = await startInstance();
    // Longer than it takes until all of them sleep, on a busy machine too.
    await deploy(
      instance,
      "sleeper",
      `export async function run(ctx) {
       const asleepAt = Date.now();
       await ctx.sleep("60s");
       if (Date.now() - asleepAt < 60_000) throw new Error("It was woken too early");
     }`,
    );
    const ids = await startMany(instance);

    while ((await executionIds(instance, "status = 'suspended'")).length < sleepers) await delay(500);
    const metrics = await metricsOf(instance);
    expect(metrics).toMatchObject({
      duranium_sandbox_instances_in_use: 0,
      duranium_sandbox_instance_requests_pending: 0,
    });
    expect(metrics["duranium_sandbox_instances_limit"]).toBeLessThan(sleepers / 5);

    const woken = async () => await executionIds(instance, "completion_result = 'success'");
    while ((await woken()).length < sleepers) await delay(1_000);
    expect((await woken()).toSorted()).toEqual(ids.toSorted());
  },
  2 * testTimeoutMs,
);

test("a chain of calls can be longer than the number of instances", async () => {
  await using instance = await startInstance();
  await deploy(
    instance,
    "descend",
    `export async function run(ctx, depth) {
       if (depth === 0) return ["the bottom"];
       return [depth, ...(await ctx.call("descend", { payload: depth - 1 }))];
     }`,
  );
  const depth = 100;
  expect((await metricsOf(instance))["duranium_sandbox_instances_limit"]).toBeLessThan(depth);
  const { result } = await execute(instance, "descend", depth);
  expect(result).toEqual([...Array.from({ length: depth }, (_, done) => depth - done), "the bottom"]);
});

async function startMany(instance: Instance): Promise<string[]> {
  const ids: string[] = [];
  const numbers = Array.from({ length: sleepers }, (_, number) => number).values();
  const lanes = Array.from({ length: 16 }, async () => {
    for (const number of numbers) ids[number] = await startExecution(instance, "sleeper");
  });
  await Promise.all(lanes);
  return ids;
}

/** The values of the metrics that have no labels. */
async function metricsOf(instance: Instance): Promise<Record<string, number>> {
  const { body } = await instance.request("GET", "/metrics");
  const samples = String(body).matchAll(/^(\w+) (\S+)$/gm);
  return Object.fromEntries(Array.from(samples, ([, name, value]) => [name, Number(value)]));
}
