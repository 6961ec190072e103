import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxEventBytes } from "../../src/api/contract/limits.ts";
import { maxEventsPerExecution, maxStateKeyLength, maxStateValueBytes } from "../../src/domain/limits.ts";
import { maxStateKeys } from "../../src/host/limits.ts";
import { maxPostedBytesPerExecution } from "../../src/objects/limits.ts";
import { startExecution, deploy, execute, setLimits, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** The limits of executions, and of what Restate keeps for them: what just fits, and what is one more. */
describe("at the limit", () => {
  let instance: Instance;
  beforeAll(async () => {
    // Every wait ends the attempt (vitest.config.ts): a limit must be met at the same place when the journal is replayed.
    instance = await sharedInstance();
    await deploy(
      instance,
      "bounded",
      `export async function run(ctx, { returns = "", turns = 0, calls = 0, loops = 0, mib = 0, says = 0, keeps }) {
        for (let turn = 0; turn < turns; turn++) await ctx.sleep(1);
        for (let call = 0; call < calls; call++) void ctx.sleep(1);
        for (let step = 0; step < loops; step++);
        globalThis.held = new Uint8Array(mib << 20);
        for (let line = 0; line < says; line++) console.log("said");
        if (keeps !== undefined) return await ctx.state.set("a", keeps).catch(({ message }) => message);
        await ctx.sleep(1);
        return returns;
      }`,
    );
    await deploy(instance, "waits-for-ever", "export const run = (ctx) => ctx.sleep('1h');");
    await deploy(
      instance,
      "keeps-much",
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
    (await execute(instance, "keeps-much", payload)).result;

  const four = "four";
  test.each<[limit: Readonly<Record<string, number>>, fits: object, tooMuch: object, code: string]>([
    [{ payloadBytes: 18 }, { returns: four }, { returns: "fours" }, "limit-exceeded"],
    [{ resultBytes: 6 }, { returns: four }, { returns: "fours" }, "limit-exceeded"],
    [{ calls: 6 }, { turns: 5 }, { turns: 6 }, "limit-exceeded"],
    [{ callsInFlight: 6 }, { calls: 5 }, { calls: 6 }, "limit-exceeded"],
    // Each sleep is asked for in 16 bytes and answered in 24; the payload has 11.
    [{ journalBytes: 11 + 6 * (16 + 24) }, { turns: 5 }, { turns: 6 }, "journal-full"],
    [{ turnFuel: 100_000_000 }, { loops: 100_000 }, { loops: 1_000_000 }, "out-of-fuel"],
    [{ executionFuel: 100_000_000 }, { loops: 100_000 }, { loops: 1_000_000 }, "out-of-fuel"],
    [{ memoryMib: 24 }, { mib: 4 }, { mib: 16 }, "out-of-memory"],
  ])(
    "an execution at the limit %j completes, and one above it fails with its name",
    async (limit, fits, tooMuch, code) => {
      await setLimits(instance, "bounded", limit);
      const [[name, value] = []] = Object.entries(limit);
      expect(await execute(instance, "bounded", fits)).toMatchObject({ status: "completed" });
      const { status, failure } = await execute(instance, "bounded", tooMuch);
      expect([status, failure.code]).toEqual(["failed", code]);
      expect(failure.message).toContain(`(${name})`);
      expect(failure.message.replaceAll(",", "")).toContain(String(value));
    },
  );

  test("console lines are stored up to their limits, and state values are accepted up to theirs", async () => {
    await setLimits(instance, "bounded", { stateValueBytes: 6, logBytes: 16 });
    expect(await execute(instance, "bounded", { keeps: four })).toMatchObject({ result: null });
    expect((await execute(instance, "bounded", { keeps: "fours" })).result).toBe(
      'The value of ctx.state "a" has 7 bytes, and the limit is 6 (stateValueBytes)',
    );
    const { executionId } = await execute(instance, "bounded", { says: 4 });
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(body.items.map((line: { arguments: unknown[] }) => line.arguments[0])).toEqual([
      "said",
      "said",
      expect.stringContaining("16 bytes (logBytes)"),
    ]);
  });

  test("a million unawaited fetches end their execution with limit-exceeded, and none is sent", async () => {
    await deploy(
      instance,
      "floods",
      "export async function run() { for (let i = 0; i < 1_000_000; i++) void fetch('https://a.test/').catch(() => {}); }",
    );
    const { status, failure, steps, attempts } = await execute(instance, "floods");
    expect([status, failure.code, attempts, steps]).toEqual(["failed", "limit-exceeded", 1, []]);
    expect(failure.message).toMatch(/\b1000 (.* )?\(callsInFlight\)/);
  });

  test("settings above the operator's maximum are rejected with the limit, its value and the maximum", async () => {
    expect((await put({ callsInFlight: 1_001 })).body).toMatchObject({
      status: 400,
      code: "invalid-request",
      detail: "Limit callsInFlight cannot be 1001: the maximum of this installation is 1000",
    });
    expect((await put({ memoryMib: 65 })).body).toMatchObject({ status: 400 });
    expect((await put({ memoryMib: 0.5 })).body).toMatchObject({ status: 400 });
    expect((await put({ everything: 1 })).body).toMatchObject({ status: 400 });
  });

  test("an execution keeps the limits with which it started when the settings change", async () => {
    await deploy(
      instance,
      "patient",
      "export async function run(ctx) { await ctx.waitForEvent('go'); await ctx.sleep(1); return 'done'; }",
    );
    await setLimits(instance, "patient", { calls: 2 });
    const old = await startExecution(instance, "patient");
    await until(instance, old, ({ steps }) => steps.length > 0);
    await setLimits(instance, "patient", { calls: 1 });
    const later = await startExecution(instance, "patient");
    await until(instance, later, ({ steps }) => steps.length > 0);
    for (const id of [old, later])
      await instance.request("POST", `/executions/${id}/events/go`, { body: null });
    expect(await untilEnded(instance, old)).toMatchObject({ result: "done" });
    expect((await untilEnded(instance, later)).failure.message).toMatch(/\b1 (.* )?\(calls\)/);
  });

  test.each(["set", "update"])("the length of the key of ctx.state.%s is limited", async (action) => {
    expect(await state({ action, keyLength: maxStateKeyLength, value: "fits" })).toBe(4);
    expect(await state({ action, keyLength: maxStateKeyLength + 1, value: "fits" })).toEqual({
      name: "RangeError",
      code: "limit-exceeded",
      message: "A key of ctx.state has 257 characters, and the limit is 256 (maxStateKeyLength)",
    });
  });

  test.each(["set", "update"])("the size of the value of ctx.state.%s is limited", async (action) => {
    expect(await state({ action, key: "a", valueBytes: maxStateValueBytes })).toBe(maxStateValueBytes - 2);
    expect(await state({ action, key: "a", valueBytes: maxStateValueBytes + 1 })).toEqual({
      name: "RangeError",
      code: "limit-exceeded",
      message: 'The value of ctx.state "a" has 262145 bytes, and the limit is 262144 (stateValueBytes)',
    });
  });

  test("the number of state keys is limited, and a deleted key makes room for another", async () => {
    await fill(
      "WorkflowState",
      "keeps-much",
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

  test("the number of events of an execution is limited over all names", async () => {
    await deploy(instance, "waits", "export const run = (ctx) => ctx.waitForEvent('never');");
    const id = await startExecution(instance, "waits");
    await until(instance, id, ({ steps }) => steps.length > 0);
    await fill("Execution", id, { events: { one: maxEventsPerExecution - 2, two: 1 } });
    const send = async (name: string) =>
      await instance.request("POST", `/executions/${id}/events/${name}`, { body: 1 });
    expect((await send("one")).status).toBe(202);
    expect((await send("three")).body).toMatchObject({
      status: 409,
      code: "too-many-events",
      detail: expect.stringContaining("10000 events, the maximum (maxEventsPerExecution)"),
    });
    await instance.request("POST", `/executions/${id}/cancel`);
    await untilEnded(instance, id);
  });

  const put = async (limits: object) =>
    await instance.request("PUT", "/workflows/bounded/settings", { body: { limits } });

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

  test("the total size of pending events is limited, and the execution can still be shown", async () => {
    const id = await startExecution(instance, "waits-for-ever", {});
    const send = async (name: string, payload: unknown) =>
      await instance.request("POST", `/executions/${id}/events/${name}`, { body: payload });
    const largest = "x".repeat(maxEventBytes - 2);
    for (let sent = 0; sent < maxPostedBytesPerExecution / maxEventBytes; sent++)
      expect((await send(`event-${sent}`, largest)).status).toBe(202);
    expect(await send("one-more", 0)).toMatchObject({
      status: 409,
      body: { code: "too-many-events", detail: expect.stringContaining("maxPostedBytesPerExecution") },
    });
    expect(await instance.request("GET", `/executions/${id}`)).toMatchObject({ status: 200 });
    // Sealed by a master key that the installation no longer has, so the journal has to be read.
    const forged = `${instance.url}/callbacks/00000000${"A".repeat(80)}.${id}.0.${"a".repeat(64)}`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, async () => (await fetch(forged, { method: "POST" })).status),
    );
    // Each reads the journal, so only so many wait for that.
    expect(new Set(answers)).toEqual(new Set([404, 503]));
    expect((await instance.request("POST", `/executions/${id}/cancel`)).status).toBe(202);
  });
});
