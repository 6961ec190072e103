import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Digest } from "../../../src/base/digest.ts";
import { defaultExecutionLimits } from "../../../src/domain/execution-limits.ts";
import type { ExecutionLimits } from "../../../src/domain/execution-limits.ts";
import type { Turn } from "../../../src/host/guest.ts";
import { takeImage } from "../../../src/sandbox/instances/engine-state.ts";
import { createInstance, loadEngine } from "../../../src/sandbox/instances/instance.ts";
import type { Instance } from "../../../src/sandbox/instances/instance.ts";
import { describePython, pythonBundle, pythonModule } from "./python-runner.ts";

const context = {
  workflowId: "order-sync",
  version: 1,
  executionId: "inv_1",
  seed: new Uint8Array(32).fill(9),
  now: Date.UTC(2026, 0, 1),
  callbackUrl: "https://duranium.example/callbacks/",
};
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Evaluates a workflow in a new instance, and calls its `run` until the end of the first turn. */
function runTurn(source: string, limits: Partial<ExecutionLimits> = {}): { code?: string; turn?: Turn } {
  const instance = evaluated(source, { ...defaultExecutionLimits, ...limits });
  try {
    return { turn: instance.enter((core) => core.run(context, json(null))) };
  } catch (error) {
    return { code: (error as { code: string }).code };
  }
}

function evaluated(source: string, limits: ExecutionLimits): Instance {
  const instance = createInstance(engine());
  instance.limit(limits);
  expect(instance.enter((core) => core.evaluate(pythonBundle(source)))).toBeUndefined();
  instance.limit(limits);
  return instance;
}

let loaded: ReturnType<typeof loadEngine> | undefined;
function engine(): ReturnType<typeof loadEngine> {
  return (loaded ??= loadEngine("a".repeat(64) as Digest, pythonModule as WebAssembly.Module));
}

describePython("instances of the Python engine", () => {
  test.each([
    ["while True: pass", "out-of-fuel"],
    ["'a' * 1000 == 'b' or [x for x in iter(int, 1)]", "out-of-fuel"],
    ["import re; re.match('(a+)+$', 'a' * 60 + 'b')", "out-of-fuel"],
    ["10 ** 10 ** 8", "out-of-fuel"],
    ["raise Endless()", "out-of-fuel"],
  ])("%s ends in a bounded time", (statement, code) => {
    const source = `
class Endless(Exception):
    def __str__(self):
        while True: pass

async def run(ctx, payload):
    ${statement}
`;
    expect(runTurn(source, { turnFuel: 2e8 })).toEqual({ code });
  });

  test.each([
    "kept = []\n    while True: kept.append(bytes(1_000_000))",
    "kept = []\n    while True: kept.append([])",
  ])("what takes more memory than the limit ends as out-of-memory: %s", (statement) => {
    const source = `async def run(ctx, payload):\n    ${statement}\n`;
    expect(runTurn(source, { memoryPages: 512 })).toEqual({ code: "out-of-memory" });
  });

  test("a workflow can catch a MemoryError and go on", () => {
    const source = `
async def run(ctx, payload):
    try:
        bytes(500_000_000)
    except MemoryError:
        return "caught"
`;
    expect(new TextDecoder().decode(runTurn(source).turn?.completion?.json)).toBe('"caught"');
  });

  test("a used instance and another one from the image give the same memory, fuel and result", () => {
    const source = `
import asyncio, datetime, os, random, secrets, tempfile, time, uuid
from duranium import fetch

kept = [object() for _ in range(10)]

async def run(ctx, payload):
    values = [str(uuid.uuid4()), str(uuid.uuid1()), random.random(), random.sample(range(99), 5), secrets.token_hex(8),
              os.urandom(4).hex(), random.SystemRandom().random(), time.time(), time.monotonic(), str(time.perf_counter_ns()),
              time.process_time(), datetime.datetime.now(), id(object()), hash("text"), sorted({"b", "a"}, key=hash),
              list({str(number) for number in range(20)}), ctx.create_callback().url, ctx.secrets.A]
    asyncio.create_task(fetch("https://a.test/"))
    return values
`;
    const first = evaluated(source, defaultExecutionLimits);
    const image = takeImage(engine(), first.state(), 1);
    const other = createInstance(engine());
    const outcomes = [first, first, other].map((instance) => {
      instance.reset(image);
      const turn = instance.enter((core) => core.run(context, json(null)));
      const memory = createHash("sha256").update(instance.state().memory).digest("hex");
      return { memory, fuel: instance.fuelUsed, result: new TextDecoder().decode(turn.completion?.json) };
    });
    expect(outcomes[0]?.result).toMatch(/^\["[\da-f-]{36}",/);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

  test("another seed gives other numbers", () => {
    const source =
      "import random, uuid\nasync def run(ctx, payload): return [random.random(), str(uuid.uuid4())]\n";
    const instance = evaluated(source, defaultExecutionLimits);
    const image = takeImage(engine(), instance.state(), 1);
    const results = [1, 2].map((fill) => {
      instance.reset(image);
      const seed = new Uint8Array(32).fill(fill);
      const { completion } = instance.enter((core) => core.run({ ...context, seed }, json(null)));
      return JSON.parse(new TextDecoder().decode(completion?.json)) as [number, string];
    });
    expect(results[0]?.[0]).not.toBe(results[1]?.[0]);
    expect(results[0]?.[1]).not.toBe(results[1]?.[1]);
  });
});
