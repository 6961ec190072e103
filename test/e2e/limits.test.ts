import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  maxEventsPerExecution,
  maxStateKeyLength,
  maxStateKeys,
  maxStateValueBytes,
} from "../../src/domain/limits.ts";
import { begin, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** The limits of what Restate keeps for executions: what just fits, and what is one more. */
describe("at its edge", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
    await deploy(
      instance,
      "keeps",
      `export async function run(ctx, { action, key, value, keyLength = 0, valueBytes = 0 }) {
        const name = key ?? "k".repeat(keyLength);
        const written = value ?? "v".repeat(Math.max(0, valueBytes - 2));
        const change = action === "update" ? () => written : written;
        return await ctx.state[action](name, change).then(
          async () => (await ctx.state.get(name))?.length ?? null,
          ({ name, code, message }) => ({ name, code, message }),
        );
      }`,
    );
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  const state = async (payload: unknown): Promise<unknown> =>
    (await execute(instance, "keeps", payload)).result;

  test.each(["set", "update"])(
    "the key that ctx.state.%s is given has as many characters as may be",
    async (action) => {
      expect(await state({ action, keyLength: maxStateKeyLength, value: "fits" })).toBe(4);
      expect(await state({ action, keyLength: maxStateKeyLength + 1, value: "fits" })).toEqual({
        name: "RangeError",
        code: "limit-exceeded",
        message: "A key of ctx.state has 257 characters, and the limit is 256 (maxStateKeyLength)",
      });
    },
  );

  test.each(["set", "update"])(
    "the value that ctx.state.%s is given has as many bytes as may be",
    async (action) => {
      expect(await state({ action, key: "a", valueBytes: maxStateValueBytes })).toBe(maxStateValueBytes - 2);
      expect(await state({ action, key: "a", valueBytes: maxStateValueBytes + 1 })).toEqual({
        name: "RangeError",
        code: "limit-exceeded",
        message: 'The value of ctx.state "a" has 262145 bytes, and the limit is 262144 (maxStateValueBytes)',
      });
    },
  );

  test("a workflow keeps as many keys as may be, and one more when it has dropped one", async () => {
    await fill(
      "WorkflowState",
      "keeps",
      Object.fromEntries(
        Array.from({ length: maxStateKeys - 1 }, (_, index) => [
          `key-${index}`,
          { value: "old", revision: "r" },
        ]),
      ),
    );
    const refused = {
      name: "Error",
      code: "limit-exceeded",
      message: "Cannot keep another key in the workflow's state: the limit is 10000 (maxStateKeys)",
    };
    expect(await state({ action: "set", key: "last", value: "fits" })).toBe(4);
    expect(await state({ action: "set", key: "more", value: "fits" })).toEqual(refused);
    expect(await state({ action: "update", key: "more", value: "fits" })).toEqual(refused);
    expect(await state({ action: "set", key: "key-0", value: "again" })).toBe(5);
    expect(await state({ action: "delete", key: "key-1" })).toBeNull();
    expect(await state({ action: "set", key: "more", value: "fits" })).toBe(4);
  });

  test("an execution is sent as many events as may be, whatever their names", async () => {
    await deploy(instance, "waits", "export const run = (ctx) => ctx.waitForEvent('never');");
    const id = await begin(instance, "waits");
    await until(instance, id, ({ steps }) => steps.length > 0);
    await fill("Execution", id, { events: { one: maxEventsPerExecution - 2, two: 1 } });
    const send = async (name: string) =>
      await instance.request("POST", `/executions/${id}/events/${name}`, { body: 1 });
    expect((await send("one")).status).toBe(202);
    expect((await send("three")).body).toMatchObject({
      status: 409,
      code: "too-many-events",
      detail: expect.stringContaining("10000 events, and takes no more (maxEventsPerExecution)"),
    });
    await instance.request("POST", `/executions/${id}/cancel`);
    await untilEnded(instance, id);
  });

  /** Gives a Virtual Object this state at once, as so many calls of its handlers would. */
  async function fill(
    service: string,
    key: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const bytes = Object.entries(values).map(([name, value]) => [
      name,
      [...Buffer.from(JSON.stringify(value))],
    ]);
    const response = await fetch(`${instance.restateAdminUrl}/services/${service}/state`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ object_key: key, new_state: Object.fromEntries(bytes) }),
    });
    if (!response.ok) throw new Error(`Restate answered ${response.status}: ${await response.text()}`);
  }
});
