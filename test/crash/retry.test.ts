import { expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

test("a retry from the failed step that is killed while it reuses steps repeats none of them", async () => {
  let status = 503;
  await using instance = await sharedInstance();
  await using target = await startTarget({
    "POST /note": () => null,
    "POST /charge": (_request, response) => void response.writeHead(status).end(),
  });
  await deploy(
    instance,
    "killed",
    `export async function run(ctx, url) {
      const seen = [await ctx.waitForEvent("go", { timeout: "1h" })];
      for (let round = 0; round < 20; round++) {
        await fetch(url + "/note?" + Math.random(), { method: "POST" });
        seen.push(Date.now());
      }
      const charge = await fetch(url + "/charge", { method: "POST" });
      if (!charge.ok) throw new Error(JSON.stringify(seen));
      return [seen, await ctx.waitForEvent("go")];
    }`,
  );
  const id = await startExecution(instance, "killed", target.url);
  await instance.request("POST", `/executions/${id}/events/go`, { body: "first" });
  const failed = await untilEnded(instance, id);
  await instance.kill();
  await instance.start();
  status = 200;
  const { body } = await instance.request("POST", `/executions/${id}/retry`, {
    body: { from: "failed-step" },
  });
  for (const wanted of [3, 10]) {
    await until(instance, body.executionId, (detail) => reusedBy(detail) >= wanted);
    await instance.kill();
    await instance.start();
  }
  await until(instance, body.executionId, ({ waitingFor }) => waitingFor.includes('event "go"'));
  await instance.request("POST", `/executions/${body.executionId}/events/go`, { body: "second" });
  const ended = await untilEnded(instance, body.executionId);
  expect(ended.result).toEqual([JSON.parse(failed.failure.message), "second"]);
  expect(target.count("POST /note")).toBe(20);
  expect(new Set(target.seen.map(({ path }) => path)).size).toBe(21);
  expect(reusedBy(ended)).toBe(21);
});

function reusedBy({ steps }: ApiAnswer["body"]): number {
  return steps.filter(({ reused }: { readonly reused?: boolean }) => reused === true).length;
}

test("a fork that is killed while it reuses steps repeats none of them", async () => {
  await using instance = await sharedInstance();
  await using target = await startTarget({ "POST /note": () => null, "POST /pay": () => ({ paid: true }) });
  await deploy(instance, "killed-fork", paying("throw new Error(JSON.stringify(seen));"));
  const failed = await untilEnded(instance, await startExecution(instance, "killed-fork", target.url));
  await deploy(instance, "killed-fork", paying("return [seen, await ctx.waitForEvent('go')];"));
  const { body } = await instance.request("POST", `/executions/${failed.executionId}/fork`, {
    body: { version: 2 },
  });
  await instance.kill();
  await instance.start();
  await until(instance, body.executionId, (detail) => reusedBy(detail) >= 5);
  await instance.kill();
  await instance.start();
  await until(instance, body.executionId, ({ waitingFor }) => waitingFor.includes('event "go"'));
  await instance.request("POST", `/executions/${body.executionId}/events/go`, { body: "now" });
  const ended = await untilEnded(instance, body.executionId);
  expect(ended.result).toEqual([JSON.parse(failed.failure.message), "now"]);
  expect([target.count("POST /pay"), target.count("POST /note"), reusedBy(ended)]).toEqual([1, 20, 21]);
});

/** It pays once, and then makes twenty requests. */
function paying(last: string): string {
  return `export async function run(ctx, url) {
    const seen = [await (await fetch(url + "/pay", { method: "POST" })).json()];
    for (let round = 0; round < 20; round++) {
      await fetch(url + "/note?" + Math.random(), { method: "POST" });
      seen.push(Date.now());
    }
    ${last}
  }`;
}
