import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describe("an execution's fuel", () => {
  let instance: Instance;
  beforeAll(async () => {
    // Every sleep ends the attempt: what was computed before it is computed again, and counts once.
    instance = await startInstance({
      DURANIUM_MAX_TURN_FUEL: "1e9",
      DURANIUM_MAX_EXECUTION_FUEL: "2e9",
      RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s",
    });
    await deploy(instance, "calm", "export const run = () => 'calm';");
  });
  afterAll(async () => await instance[Symbol.asyncDispose]());

  test.each([
    ["loops", "for (;;);"],
    ["resolves promises without end", "const again = () => void Promise.resolve().then(again); again();"],
    ["backtracks in a regular expression", 'return /^(a+)+$/.test("a".repeat(60) + "b");'],
    ["sorts in an endless loop", "for (;;) Array.from({ length: 1000 }, (_, i) => -i).sort();"],
    ["fills bytes in an endless loop", "const bytes = new Uint8Array(1 << 20); for (;;) bytes.fill(1);"],
  ])("ends a workflow that %s at its first attempt, without affecting others", async (_what, body) => {
    await deploy(instance, "runaway", `export async function run() { ${body} }`);
    const runaway = await startExecution(instance, "runaway");
    const { status, failure, attempts } = await untilEnded(instance, runaway);
    expect([status, failure.code, attempts]).toEqual(["failed", "out-of-fuel", 1]);
    expect(failure.message).toBe(
      "A turn exceeded its fuel of 1,000,000,000 (turnFuel); the execution has used 1,000,000,000 in total",
    );
    expect((await execute(instance, "calm")).result).toBe("calm");
    expect(await fuelUsed(runaway)).toBe(1_000_000_000);
  });

  test("is counted once per turn, whatever the number of replays", async () => {
    await deploy(
      instance,
      "paced",
      `export async function run(ctx, { rounds, steps }) {
        for (let round = 0; round < rounds; round++) {
          for (let i = 0; i < steps; i++);
          await ctx.sleep(1);
        }
        return rounds;
      }`,
    );
    // A step takes some 180 units: these rounds together use half of the fuel, and that many more use it up.
    const enough = await execute(instance, "paced", { rounds: 8, steps: 700_000 });
    expect([enough.status, enough.result]).toEqual(["completed", 8]);
    const used = await fuelUsed(enough.executionId);
    expect(used).toBeGreaterThan(0.5e9);
    expect(used).toBeLessThan(2e9);
    const much = await execute(instance, "paced", { rounds: 40, steps: 700_000 });
    const { status, failure, steps } = much;
    expect([status, failure.code]).toEqual(["failed", "out-of-fuel"]);
    expect(failure.message).toBe("The execution exceeded its fuel of 2,000,000,000 (executionFuel)");
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.length).toBeLessThan(40);
    expect(await fuelUsed(much.executionId)).toBe(2_000_000_000);
  });

  test("is counted in the metrics by outcome", async () => {
    const { body } = await instance.request("GET", "/metrics");
    const metrics = String(body);
    expect(metrics).toMatch(/^duranium_execution_fuel_units_sum\{outcome="failed"\} [1-9]\d*$/m);
    expect(metrics).toMatch(/^duranium_execution_fuel_units_count\{outcome="completed"\} [1-9]\d*$/m);
  });

  /** From the execution's details, which have it shortly after its end. */
  async function fuelUsed(executionId: string): Promise<number> {
    const detail = await until(instance, executionId, (found) => found.fuelUsed !== undefined);
    return detail.fuelUsed;
  }

  test("keeps the limit from its start when the operator changes it", async () => {
    await using other = await startInstance();
    await deploy(
      other,
      "long",
      `export async function run(ctx) {
        await ctx.waitForEvent("go");
        for (let i = 0; i < 8_000_000; i++);
        return "done";
      }`,
    );
    const go = async (id: string) => {
      await until(other, id, ({ steps }) => steps.length > 0);
      await other.request("POST", `/executions/${id}/events/go`, { body: null });
      return await untilEnded(other, id);
    };
    const old = await startExecution(other, "long");
    await until(other, old, ({ steps }) => steps.length > 0);
    await other.stop();
    await other.start({ environment: { DURANIUM_MAX_TURN_FUEL: "1e9" } });
    expect((await go(await startExecution(other, "long"))).failure).toMatchObject({ code: "out-of-fuel" });
    expect(await go(old)).toMatchObject({ status: "completed", result: "done" });
  });
});
