import { expect, test } from "vitest";
import { maxRememberedBytes } from "../../src/sandbox/scheduling/limits.ts";
import { startExecution, deploy, setLimits, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";

test("an execution whose worker thread is terminated because of another guest is replayed", async () => {
  const answers = new Map<string, () => void>();
  const hold = (name: string) => (_request: unknown, response: { end(body: string): void }) => {
    answers.set(name, () => response.end(JSON.stringify(name)));
    return handled;
  };
  await using target = await startTarget({ "GET /a": hold("a"), "GET /b": hold("b") });
  // More fuel than there is time for: what ends the hanging one is the clock.
  await using instance = await startInstance({
    DURANIUM_WORKERS: "1",
    DURANIUM_MAX_TURN_FUEL: "1e15",
    DURANIUM_MAX_EXECUTION_FUEL: "1e15",
    DURANIUM_TURN_TIMEOUT_MS: "10000",
  });
  await deploy(
    instance,
    "holder",
    `export async function run(_ctx, { url }) {
      const get = async (path) => (await fetch(url + path)).json();
      return await Promise.all([get("/a"), get("/b")]);
    }`,
  );
  await deploy(instance, "hangs", "export async function run() { for (;;) {} }");
  await setLimits(instance, "hangs", { turnFuel: 1e15, executionFuel: 1e15 });
  // With less to remember it would go on on another thread.
  const holder = await startExecution(instance, "holder", {
    url: target.url,
    padding: "x".repeat(maxRememberedBytes),
  });
  await Promise.all([target.arrived("GET /a"), target.arrived("GET /b")]);
  const hanging = await startExecution(instance, "hangs");
  await until(instance, hanging, ({ attempts }) => attempts > 0);
  // The answer arrives while the thread is busy: it is lost with the thread, and b is still in flight.
  answers.get("a")?.();
  const { lastFailure } = await until(instance, hanging, ({ status }) => status === "retrying");
  expect(lastFailure.code).toBe("turn-timeout");
  await fetch(`${instance.restateAdminUrl}/invocations/${hanging}/kill`, { method: "PATCH" });
  await target.arrived("GET /b", 2);
  answers.get("b")?.();
  expect(await untilEnded(instance, holder)).toMatchObject({ status: "completed", result: ["a", "b"] });
  expect(target.count("GET /a")).toBe(1);
});
