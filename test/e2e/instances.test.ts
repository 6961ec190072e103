import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startExecution, deploy, execute } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { executionIds } from "../support/introspection.ts";
import { testTimeoutMs } from "../support/time-limits.ts";

/** Far more than there are instances, and than Restate runs at once. */
const sleepers = 200;
const concurrentInvocations = 96;

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({
    RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: String(concurrentInvocations),
  });
});
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
});

let sleeping: readonly string[];

test("hundreds of sleeping executions hold no instance", async () => {
  // Longer than it takes until all of them sleep, on a busy machine too.
  await deploy(
    instance,
    "sleeper",
    `export async function run(ctx) {
       const asleepAt = Date.now();
       await ctx.sleep("40s");
       if (Date.now() - asleepAt < 40_000) throw new Error("It was woken too early");
     }`,
  );
  sleeping = await startMany(instance);
  while ((await executionIds(instance, "status = 'suspended'")).length < sleepers) await delay(500);
  const metrics = await metricsOf(instance);
  expect(metrics).toMatchObject({
    duranium_sandbox_instances_in_use: 0,
    duranium_sandbox_instance_requests_pending: 0,
  });
  expect(metrics["duranium_sandbox_instances_limit"]).toBeLessThan(sleepers / 3);
});

test("a chain of calls can be longer than the number of instances", async () => {
  await deploy(
    instance,
    "descend",
    `export async function run(ctx, depth) {
       if (depth === 0) return ["the bottom"];
       return [depth, ...(await ctx.call("descend", { payload: depth - 1 }))];
     }`,
  );
  const depth = 80;
  expect((await metricsOf(instance))["duranium_sandbox_instances_limit"]).toBeLessThan(depth);
  const { result } = await execute(instance, "descend", depth);
  expect(result).toEqual([...Array.from({ length: depth }, (_, done) => depth - done), "the bottom"]);
});

test(
  "hundreds of sleeping executions all wake",
  async () => {
    while ((await woken()).length < sleepers) await delay(500);
    expect((await woken()).toSorted()).toEqual([...sleeping].toSorted());
  },
  2 * testTimeoutMs,
);

async function woken(): Promise<readonly string[]> {
  return await executionIds(instance, "completion_result = 'success' AND target_service_key = 'sleeper'");
}

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
