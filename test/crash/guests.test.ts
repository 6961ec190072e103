import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moduleOf } from "../../src/sandbox/components/testing/modules.ts";
import { execute, setLimits, startExecution, untilEnded } from "../support/executions.ts";
import { buildGuest } from "../support/guest-builds.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/**
 * Guests in other languages than JavaScript: a module that the test writes, and the examples in C and Rust. Each makes a
 * request, waits, and stores a value.
 */
const guests = {
  module: { bytes: await threeCalls(), payload: (url: string): unknown => ({ url }) },
  c: { bytes: await buildGuest("c"), payload: (url: string): unknown => ({ url, waitMs: 20 }) },
  rust: { bytes: await buildGuest("rust"), payload: (url: string): unknown => ({ url, waitMs: 20 }) },
};
type Guest = keyof typeof guests;
const built = (Object.keys(guests) as Guest[]).filter((name) => guests[name].bytes !== undefined);
const examples = built.filter((name) => name !== "module");

describe("a workflow that is compiled to WebAssembly", () => {
  let instance: Instance;
  let target: Target;
  const ended = new Map<
    string,
    { status: string; result: unknown; steps: { name: string }[]; failure?: unknown }
  >();

  beforeAll(async () => {
    instance = await sharedInstance();
    const released = Promise.withResolvers<void>();
    target = await startTarget({
      "GET /held": async () => (await released.promise, "a text"),
      "GET /text": () => "a text",
    });
    for (const name of built) expect(await deployGuest(instance, name)).toMatchObject({ language: "wasm" });
    const ids = new Map<string, string>();
    for (const name of built)
      ids.set(
        name,
        await startExecution(instance, `guest-${name}`, guests[name].payload(`${target.url}/held`)),
      );
    await target.arrived("GET /held", built.length);
    await instance.kill();
    released.resolve();
    await instance.start();
    for (const [name, id] of ids) ended.set(name, await untilEnded(instance, id));
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test.each(built)("continues after kill -9 in its request, and makes its other calls: %s", (name) => {
    const execution = ended.get(name);
    expect(execution).toMatchObject({ status: "completed" });
    const names = execution?.steps.map((step) => step.name.replace(/http:\S+/, "URL"));
    expect(names?.slice(0, 2)).toEqual(["fetch GET URL", "sleep"]);
    expect(names?.at(-1)).toBe("state set executions");
  });

  test.each(examples)("reads its payload, bodies and stored values: %s", async (name) => {
    expect(ended.get(name)?.result).toMatchObject({ bytes: 8, executions: 1 });
    const again = await execute(instance, `guest-${name}`, guests[name].payload(`${target.url}/text`));
    expect(again.result).toMatchObject({ bytes: 8, executions: 2 });
    expect(again.result.at).toBeGreaterThan(Date.now() - 120_000);
  });

  test.each(examples)("writes to the console: %s", async (name) => {
    const { executionId } = await execute(
      instance,
      `guest-${name}`,
      guests[name].payload(`${target.url}/text`),
    );
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(JSON.stringify(body)).toContain(
      name === "c" ? "Hello from C" : "Hello from Rust, guest-rust version 1",
    );
  });

  test.each(examples)("that never ends or takes all memory fails with the code of that: %s", async (name) => {
    await setLimits(instance, `guest-${name}`, { turnFuel: 50_000_000, memoryMib: 16 });
    const [fuel, memory] = await Promise.all(
      ["fuel", "memory"].map(async (spend) => await execute(instance, `guest-${name}`, { spend })),
    );
    expect(fuel).toMatchObject({ status: "failed", failure: { code: "out-of-fuel" } });
    expect(memory).toMatchObject({ status: "failed", failure: { code: "out-of-memory" } });
  });

  test.runIf(built.includes("rust"))("that panics fails with its message and place", async () => {
    const { status, failure } = await execute(instance, "guest-rust", { spend: "patience" });
    expect({ status, ...failure }).toMatchObject({ status: "failed", name: "Panic" });
    expect(failure.message).toMatch(/^Cannot spend patience \(flow\.rs:\d+:\d+\)$/);
  });
});

/** The payload is the arguments of its request, and its result is the outcome of its last call. */
async function threeCalls(): Promise<Uint8Array> {
  const sleep = '{\\"durationMs\\":20}';
  const set = '{\\"action\\":\\"set\\",\\"key\\":\\"executions\\",\\"value\\":1}';
  return await moduleOf({
    run: hostCall(0, [64, 5], "(local.get 13) (local.get 14)"),
    settle: `
      ${after(0, hostCall(1, [70, 5], spanOf(100, sleep)))}
      ${after(1, hostCall(2, [80, 5], spanOf(200, set)))}
      ${after(2, "(call $complete (local.get 2) (local.get 3))")}`,
    fields: `(data (i32.const 64) "fetch") (data (i32.const 70) "sleep") (data (i32.const 80) "state")
      (data (i32.const 100) "${sleep}") (data (i32.const 200) "${set}")`,
  });
}

/** @param json instructions that give the address and the length of the arguments */
function hostCall(id: number, [name, length]: readonly [number, number], json: string): string {
  return `(call $call (i32.const ${id}) (i32.const ${name}) (i32.const ${length}) ${json} (i32.const 0) (i32.const 0))`;
}

function spanOf(address: number, text: string): string {
  return `(i32.const ${address}) (i32.const ${text.replaceAll("\\", "").length})`;
}

/** What follows the result of a call. */
function after(id: number, instructions: string): string {
  return `(if (i32.eq (local.get 0) (i32.const ${id})) (then ${instructions}))`;
}

async function deployGuest(instance: Instance, name: Guest): Promise<unknown> {
  const binaryFiles = { "flow.wasm": Buffer.from(guests[name].bytes ?? []).toString("base64") };
  const { status, body } = await instance.request("POST", `/workflows/guest-${name}/deploy`, {
    body: { entry: "flow.wasm", files: {}, binaryFiles },
  });
  if (status !== 201) throw new Error(`deploy answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
