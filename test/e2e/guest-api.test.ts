import { expect, test } from "vitest";
import { startExecution, deploy, setLimits, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import { describeGuestApi } from "./guest-api.suite.ts";

describeGuestApi("as it comes", {});

// Not among those that are also replayed: its first turn never ends, and it takes a processor for as long as it runs.
test("cancelling ends a workflow that loops for ever", async () => {
  const endless = "1e15";
  await using instance = await startInstance({
    DURANIUM_MAX_TURN_FUEL: endless,
    DURANIUM_MAX_EXECUTION_FUEL: endless,
    DURANIUM_TURN_TIMEOUT_MS: "10000",
  });
  await deploy(instance, "loops", "export async function run() { for (;;) {} }");
  await setLimits(instance, "loops", { turnFuel: Number(endless), executionFuel: Number(endless) });
  const id = await startExecution(instance, "loops");
  await until(instance, id, ({ attempts, status }) => attempts > 0 && status !== "scheduled");
  await instance.request("POST", `/executions/${id}/cancel`);
  expect(await untilEnded(instance, id)).toMatchObject({
    status: "cancelled",
    failure: { name: "CancelledError", code: "cancelled" },
  });
});
