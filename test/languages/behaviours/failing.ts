import { expect } from "vitest";
import { completed, failed } from "../behaviour.ts";
import type { Behaviour } from "../behaviour.ts";
import { linesOf } from "../world.ts";

export const failing: readonly Behaviour[] = [
  {
    name: "failure",
    area: "Failures",
    title: "A failure has its place, its code and its cause",
    shown: {
      typescript: 'throw new OrderError("missing", { cause })',
      python: 'raise OrderError("missing") from cause',
    },
    source: {
      typescript: `class OrderError extends Error {
  name = "OrderError";
  code = "order-missing";
}
async function load() {
  try {
    throw new Error("deep");
  } catch (cause) {
    throw new OrderError("no order", { cause });
  }
}
export async function run(ctx) {
  await ctx.sleep(1);
  await load();
}`,
      python: `class OrderError(Exception):
    code = "order-missing"

async def load():
    try:
        raise LookupError("deep")
    except LookupError as cause:
        raise OrderError("no order") from cause

async def run(ctx, payload):
    await ctx.sleep(0.001)
    await load()
`,
    },
    outcome: {
      typescript: failed({
        name: "OrderError",
        message: "no order",
        code: "order-missing",
        stack: expect.stringMatching(/^at load \(failure\.ts:9:\d+\)/m),
        cause: { name: "Error", message: "deep", stack: expect.stringMatching(/failure\.ts:7:/) },
      }),
      python: failed({
        name: "OrderError",
        message: "no order",
        code: "order-missing",
        stack: expect.stringMatching(/^at load \(failure\.py:8:9\)/),
        cause: { name: "LookupError", message: "deep", stack: expect.stringMatching(/failure\.py:6:/) },
      }),
    },
  },
  {
    name: "unhandled",
    area: "Failures",
    title: "A failure that nothing awaits fails the execution",
    shown: { typescript: "void work()", python: "asyncio.create_task(work())" },
    differs:
      "TypeScript: `unhandledRejections`; Python: `unhandled_errors`. A failed task of Python counts once nothing refers to it.",
    source: {
      typescript: `async function work(ctx) {
  await ctx.sleep(1);
  throw new Error("lost");
}
export async function run(ctx) {
  void work(ctx);
  await ctx.sleep("1h");
}`,
      python: `
import asyncio

async def work(ctx):
    await ctx.sleep(0.001)
    raise ValueError("lost")

async def run(ctx, payload):
    asyncio.create_task(work(ctx))
    await ctx.sleep("1h")
`,
    },
    outcome: failed({ message: "lost" }),
    async check(world, { executionId }) {
      expect(JSON.stringify(await linesOf(world, executionId))).toContain("lost");
    },
  },
  {
    name: "settled",
    area: "Failures",
    title: "Waiting for all of several, whether they fail or not",
    shown: {
      typescript: "await Promise.allSettled([…])",
      python: "await asyncio.gather(…, return_exceptions=True)",
    },
    source: {
      typescript: `async function fail() { throw new Error("early"); }
export async function run(ctx) {
  const [slept, failed] = await Promise.allSettled([ctx.sleep(20).then(() => "slept"), fail()]);
  return [slept.value, failed.reason.message];
}`,
      python: `
import asyncio

async def fail():
    raise ValueError("early")

async def run(ctx, payload):
    _, failed = await asyncio.gather(ctx.sleep("20ms"), fail(), return_exceptions=True)
    return ["slept", str(failed)]
`,
    },
    outcome: completed(["slept", "early"]),
  },
  {
    name: "broken_failure",
    area: "Failures",
    title: "A failure that cannot be described is one nevertheless",
    shown: { typescript: "get message() { throw … }", python: "def __str__(self): raise …" },
    source: {
      typescript: `class Broken extends Error {
  get message() { throw new Error("no message"); }
}
export async function run() {
  throw new Broken();
}`,
      python: `
class Broken(Exception):
    def __str__(self):
        raise RuntimeError("no message")

async def run(ctx, payload):
    raise Broken
`,
    },
    outcome: failed({ code: "workflow-failed" }),
  },
  {
    name: "aggregate",
    area: "Failures",
    title: "The errors of a group are listed",
    shown: { typescript: "AggregateError", python: "ExceptionGroup" },
    source: {
      typescript: `export async function run() {
  await Promise.any([1, 2].map(async (number) => { throw new Error("number " + number); }));
}`,
      python: `
import asyncio

async def fail(number):
    raise ValueError(f"number {number}")

async def run(ctx, payload):
    async with asyncio.TaskGroup() as group:
        for number in (1, 2):
            group.create_task(fail(number))
`,
    },
    outcome: failed({ errors: [{ message: "number 1" }, { message: "number 2" }] }),
  },
];
