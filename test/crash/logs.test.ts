import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { startExecution, deploy, execute, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

test("kill -9 neither loses nor duplicates console lines of running and ended executions", async () => {
  await using instance = await sharedInstance();
  await deploy(
    instance,
    "talks-until-killed",
    `export async function run(ctx, rounds) {
      for (let round = 0; round < rounds; round++) {
        console.log("round", round, Math.random());
        await ctx.sleep(20);
      }
      console.log("last");
    }`,
  );
  const long = await Promise.all(
    Array.from({ length: 5 }, async () => await startExecution(instance, "talks-until-killed", 100)),
  );
  for (let kill = 0; kill < 2; kill++) {
    const short = await execute(instance, "talks-until-killed", 3);
    await instance.kill();
    await instance.start();
    expect(await textsOf(instance, short.executionId)).toEqual([0, 1, 2, "last"]);
    await delay(300);
  }
  for (const id of long) {
    expect(await untilEnded(instance, id)).toMatchObject({ status: "completed" });
    expect(await textsOf(instance, id)).toEqual([...Array(100).keys(), "last"]);
  }
});

test("the console lines of an execution that Restate has purged are deleted", async () => {
  await using instance = await sharedInstance();
  await deploy(instance, "talks-until-killed", 'export async function run() { console.log("last"); }');
  const [forgotten, known] = [
    await execute(instance, "talks-until-killed"),
    await execute(instance, "talks-until-killed"),
  ];
  await fetch(`${instance.restateAdminUrl}/invocations/${forgotten.executionId}/purge`, { method: "PATCH" });
  await instance.stop();
  await instance.start();
  const path = `/executions/${forgotten.executionId}/logs`;
  while ((await instance.request("GET", path)).status !== 404) await delay(50);
  expect(await textsOf(instance, known.executionId)).toEqual(["last"]);
});

/** The round of each line, `last` for the last one; fails where a number is missing or out of order. */
async function textsOf(instance: Instance, executionId: string): Promise<readonly unknown[]> {
  const { body } = await instance.request("GET", `/executions/${executionId}/logs?limit=200`);
  expect(body.items.map(({ number }: { number: number }) => number)).toEqual([...body.items.keys()]);
  return body.items.map(({ arguments: [text, round] }: { arguments: unknown[] }) => round ?? text);
}
