import { expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

test("events, a child and a cleanup in flight continue after kill -9, and nothing is counted twice", async () => {
  await using instance = await sharedInstance();
  await using target = await startTarget({ "POST /undone": () => null });
  await deploy(
    instance,
    "child-of-killed",
    `export async function run(ctx) {
      const count = await ctx.state.update("count", (count = 0) => count + 1);
      await ctx.sleep(2500);
      return count;
    }`,
  );
  await deploy(
    instance,
    "killed-parent",
    `export async function run(ctx, url) {
      const first = await ctx.waitForEvent("step");
      const child = await ctx.call("child-of-killed");
      const second = await ctx.waitForEvent("step");
      try {
        await ctx.waitForEvent("never");
      } finally {
        await ctx.sleep(2500);
        await fetch(url + "/undone", { method: "POST", body: JSON.stringify([first, child, second]) });
      }
    }`,
  );
  const id = await startExecution(instance, "killed-parent", target.url);
  const send = async (payload: number) =>
    await instance.request("POST", `/executions/${id}/events/step`, { body: payload });
  await send(1);
  await send(2);
  await until(instance, id, (detail) => names(detail).includes("call child-of-killed"));
  await instance.kill();
  await instance.start();
  await until(instance, id, (detail) => names(detail).includes("wait for event never"));
  await instance.request("POST", `/executions/${id}/cancel`);
  await until(instance, id, (detail) => names(detail).includes("cancellation grace period"));
  await instance.kill();
  await instance.start();
  expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
  expect(target.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([[1, 1, 2]]);
});

function names({ steps }: { readonly steps: readonly { readonly name: string }[] }): readonly string[] {
  return steps.map(({ name }) => name);
}
