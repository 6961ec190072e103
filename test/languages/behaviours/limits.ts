import { expect } from "vitest";
import { completed, failed } from "../behaviour.ts";
import type { Behaviour } from "../behaviour.ts";
import { linesOf } from "../world.ts";

/** Limits, and what does not depend on the attempt. */
export const limits: readonly Behaviour[] = [
  {
    name: "loop",
    area: "Limits",
    title: "An endless loop ends as `out-of-fuel`",
    shown: { typescript: "for (;;);", python: "while True: pass" },
    hasLowLimits: true,
    source: {
      typescript: "export async function run() { for (;;); }",
      python: `
async def run(ctx, payload):
    while True:
        pass
`,
    },
    outcome: failed({ code: "out-of-fuel", message: expect.stringContaining("turnFuel") }),
  },
  {
    name: "memory",
    area: "Limits",
    title: "Too much memory ends as `out-of-memory`",
    shown: { typescript: "out of memory, or a `RangeError`", python: "a `MemoryError`" },
    differs: "Python code can catch a `MemoryError`; JavaScript's engine ends the execution.",
    hasLowLimits: true,
    source: {
      typescript: `export async function run() {
  const all = [];
  for (;;) all.push(new Uint8Array(1 << 20));
}`,
      python: `
async def run(ctx, payload):
    everything = []
    while True:
        everything.append(bytes(1 << 20))
`,
    },
    outcome: failed({ code: "out-of-memory" }),
  },
  {
    name: "recursion",
    area: "Limits",
    title: "Endless recursion is an error of the language",
    shown: { typescript: "`InternalError`", python: "`RecursionError`" },
    source: {
      typescript: `function endless(n) { return 1 + endless(n + 1); }
export async function run() {
  return endless(0);
}`,
      python: `
def endless(n):
    return 1 + endless(n + 1)

async def run(ctx, payload):
    return endless(0)
`,
    },
    outcome: {
      typescript: failed({ code: "workflow-failed", message: expect.stringContaining("recursion") }),
      python: failed({ name: "RecursionError", code: "workflow-failed" }),
    },
  },
  {
    name: "calls",
    area: "Limits",
    title: "Too many steps end as `limit-exceeded`",
    shown: { typescript: "for (;;) await ctx.sleep(1)", python: "while True: await ctx.sleep(0.001)" },
    hasLowLimits: true,
    source: {
      typescript:
        "export async function run(ctx) { for (;;) await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => ctx.sleep(1))); }",
      python: `
import asyncio

async def run(ctx, payload):
    while True:
        await asyncio.gather(*(ctx.sleep("1ms") for _ in range(7)))
`,
    },
    outcome: failed({ code: "limit-exceeded", message: expect.stringContaining("(calls)") }),
  },
  {
    name: "flood",
    area: "Limits",
    title: "Too many host calls at once end as `limit-exceeded`, and none is sent",
    shown: { typescript: "1,001 requests in a turn", python: "1,001 tasks in a turn" },
    source: {
      typescript: `export async function run(ctx, { url }) {
  for (let n = 0; n < 1_001; n++) void fetch(url + "/never?flood").catch(() => {});
  await ctx.sleep(1);
}`,
      python: `
import asyncio
from duranium import fetch

async def run(ctx, payload):
    await asyncio.gather(*(fetch(payload["url"] + "/never?flood") for _ in range(1_001)), return_exceptions=True)
`,
    },
    outcome: failed({ code: "limit-exceeded", message: expect.stringContaining("(callsInFlight)") }),
    async check({ target }) {
      expect(target.seen.filter(({ path }) => path === "/never?flood")).toEqual([]);
    },
  },
  {
    name: "result_size",
    area: "Limits",
    title: "A result that is too large ends as `limit-exceeded`",
    shown: { typescript: '"x".repeat(3_000)', python: '"x" * 3_000' },
    hasLowLimits: true,
    source: {
      typescript: 'export async function run() { return "x".repeat(3_000); }',
      python: `
async def run(ctx, payload):
    return "x" * 3_000
`,
    },
    outcome: failed({ code: "limit-exceeded", message: expect.stringContaining("(resultBytes)") }),
  },
  {
    name: "console_size",
    area: "Limits",
    title: "Console lines are kept up to a limit, and a note says so",
    shown: { typescript: "console.log(…)", python: "print(…)" },
    hasLowLimits: true,
    source: {
      typescript: `export async function run() {
  for (let n = 0; n < 100; n++) console.log("line", n);
  return "returned";
}`,
      python: `
async def run(ctx, payload):
    for n in range(100):
        print("line", n)
    return "returned"
`,
    },
    outcome: completed("returned"),
    async check(world, { executionId }) {
      const lines = await linesOf(world, executionId);
      expect(lines.length).toBeLessThan(100);
      expect(lines.at(-1)?.join(" ")).toContain("(logBytes)");
    },
  },
  {
    name: "state_limit",
    area: "Limits",
    title: "A key or value of the state that is too large is refused",
    shown: { typescript: "a `RangeError` with a code", python: "a `LimitExceededError`" },
    source: {
      typescript: `export async function run(ctx) {
  const refused = ({ code, message }) => [code, message];
  return await ctx.state.set("k".repeat(257), 1).catch(refused);
}`,
      python: `
from duranium import LimitExceededError

async def run(ctx, payload):
    try:
        await ctx.state.set("k" * 257, 1)
    except LimitExceededError as error:
        return [error.code, str(error)]
`,
    },
    outcome: completed([
      "limit-exceeded",
      "A key of ctx.state has 257 characters, and the limit is 256 (maxStateKeyLength)",
    ]),
  },
  {
    name: "replay",
    area: "Determinism",
    title: "Clock, random numbers and UUIDs are the same on every replay",
    shown: {
      typescript: "Date.now(), Math.random(), crypto.randomUUID()",
      python: "time.time(), random.random(), uuid.uuid4()",
    },
    source: {
      typescript: `export async function run(ctx, { url, name }) {
  const drawn = [];
  for (let round = 0; round < 4; round++) {
    drawn.push([Date.now(), Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint8Array(2))]);
    await fetch(url + "/note?" + name, { method: "POST", body: JSON.stringify(drawn.at(-1)) });
    await ctx.sleep(1 + Math.floor(Math.random() * 5));
  }
  return drawn;
}`,
      python: `
import os, random, secrets, time, uuid
from duranium import fetch

async def run(ctx, payload):
    drawn = []
    for _ in range(4):
        drawn.append([time.time(), random.random(), str(uuid.uuid4()), secrets.token_hex(2), *os.urandom(2)])
        await fetch(f"{payload['url']}/note?{payload['name']}", json=drawn[-1])
        await ctx.sleep(random.randint(1, 5) / 1000)
    return drawn
`,
    },
    outcome: completed(expect.any(Array)),
    async check(world, { result }, name) {
      // Each was posted once, and with what the last attempt came to as well.
      expect(world.notes(name)).toEqual(result);
      expect(new Set(result.map(String)).size).toBe(4);
    },
  },
  {
    name: "frozen_clock",
    area: "Determinism",
    title: "Within a turn, the clock stands still",
    shown: { typescript: "Date.now()", python: "datetime.now()" },
    source: {
      typescript: `export async function run(ctx) {
  const before = Date.now();
  for (let n = 0; n < 50_000; n++);
  const isFrozen = Date.now() === before && performance.now() === performance.now();
  await ctx.sleep(3);
  return [isFrozen, Date.now() > before];
}`,
      python: `
import time
from datetime import datetime

async def run(ctx, payload):
    before, started = datetime.now(), time.monotonic()
    for _ in range(50_000):
        pass
    is_frozen = datetime.now() == before and time.monotonic() == started
    await ctx.sleep("3ms")
    return [is_frozen, datetime.now() > before]
`,
    },
    outcome: completed([true, true]),
  },
];
