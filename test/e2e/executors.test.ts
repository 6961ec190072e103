import { expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { startExecutorRouter } from "../support/executor-router.ts";
import { freePorts } from "../support/free-ports.ts";
import { createInstance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

test("a cancellation reaches an attempt on another executor that waits for a fetch, also when Restate has ended its input", async () => {
  const [first = 0, second = 0] = await freePorts(2);
  // The forced end of a cancelled execution runs outside of attempts.
  await using router = await startExecutorRouter((path) => (path.includes("/Execution/") ? second : first));
  await using target = await startTarget({
    "GET /never": () => new Promise(() => {}),
    "POST /cleaned": () => null,
  });
  await using instance = await createInstance({
    DURANIUM_EXECUTOR_PORT: String(first),
    DURANIUM_EXECUTOR_URL: router.url,
    // Restate asks the attempt to suspend, and sends it nothing more.
    RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s",
  });
  await instance.start();
  await using other = await createInstance({
    DURANIUM_ROLE: "executor",
    DURANIUM_EXECUTOR_PORT: String(second),
    DURANIUM_EXECUTOR_URL: router.url,
    DURANIUM_DATABASE_URL: `file:${instance.dataDir}/duranium.sqlite`,
    DURANIUM_ARTIFACTS_DIR: `${instance.dataDir}/artifacts`,
    RESTATE_INGRESS_URL: instance.restateIngressUrl,
    RESTATE_ADMIN_URL: instance.restateAdminUrl,
  });
  await other.start();
  await deploy(
    instance,
    "held",
    `export async function run(ctx, url) {
      try {
        return await fetch(url + "/never");
      } finally {
        await fetch(url + "/cleaned", { method: "POST" });
      }
    }`,
  );
  const id = await startExecution(instance, "held", target.url);
  await target.arrived("GET /never");
  await instance.request("POST", `/executions/${id}/cancel`);
  expect(await untilEnded(instance, id)).toMatchObject({
    status: "cancelled",
    failure: { name: "CancelledError", code: "cancelled" },
  });
  // It reacted to the cancellation, and was not killed.
  expect(target.count("POST /cleaned")).toBe(1);
});

test("an execution whose executor is unreachable reports it, and continues when the executor is back", async () => {
  const [port = 0] = await freePorts(1);
  await using router = await startExecutorRouter(() => port);
  await using instance = await createInstance({
    DURANIUM_EXECUTOR_PORT: String(port),
    DURANIUM_EXECUTOR_URL: router.url,
  });
  await instance.start();
  await deploy(instance, "plain", "export const run = () => 'there';");
  await router.close();
  const id = await startExecution(instance, "plain");
  const { lastFailure } = await until(instance, id, (detail) => detail.lastFailure !== undefined);
  expect(lastFailure).toMatchObject({
    name: "RestateError",
    code: "RT0010",
    message: expect.stringMatching(/^Restate cannot reach the executor/),
    hint: expect.stringContaining("DURANIUM_EXECUTOR_URL"),
  });
  await router.open();
  expect(await untilEnded(instance, id)).toMatchObject({ result: "there" });
});
