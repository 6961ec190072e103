import { expect } from "vitest";
import { until } from "../../support/executions.ts";
import { cancelled, completed } from "../behaviour.ts";
import type { Behaviour } from "../behaviour.ts";
import { sendEvent } from "../world.ts";
import type { World } from "../world.ts";

/** Cancels an execution once it waits. */
async function cancelWaiting({ instance }: World, executionId: string): Promise<void> {
  await until(instance, executionId, ({ steps }) => steps.some(isWait));
  const { status } = await instance.request("POST", `/executions/${executionId}/cancel`);
  expect(status).toBe(202);
}

function isWait({ name }: { readonly name: string }): boolean {
  return name.startsWith("sleep");
}

export const waiting: readonly Behaviour[] = [
  {
    name: "sleep",
    area: "Waiting",
    title: "Sleeping for a duration",
    shown: { typescript: 'await ctx.sleep("5m")', python: 'await ctx.sleep("5m")' },
    differs:
      "A number is milliseconds in TypeScript, and seconds in Python, as in each language's own timers.",
    source: {
      typescript: `export async function run(ctx) {
  const before = Date.now();
  await ctx.sleep("20ms");
  await ctx.sleep(20);
  return Date.now() - before >= 40;
}`,
      python: `
import time
from datetime import timedelta

async def run(ctx, payload):
    before = time.time()
    await ctx.sleep("20ms")
    await ctx.sleep(timedelta(seconds=0.02))
    return round((time.time() - before) * 1000) >= 40
`,
    },
    outcome: completed(true),
  },
  {
    name: "sleep_until",
    area: "Waiting",
    title: "Sleeping until a time",
    shown: { typescript: "await ctx.sleep(date - Date.now())", python: "await ctx.sleep_until(moment)" },
    source: {
      typescript: `export async function run(ctx) {
  const due = new Date(Date.now() + 30);
  await ctx.sleep(due - Date.now());
  return Date.now() >= due.getTime();
}`,
      python: `
from datetime import datetime, timedelta, timezone

async def run(ctx, payload):
    due = datetime.now(timezone.utc) + timedelta(milliseconds=30)
    await ctx.sleep_until(due)
    await ctx.sleep_until("2020-01-01T00:00:00Z")
    return datetime.now(timezone.utc) >= due
`,
    },
    outcome: completed(true),
  },
  {
    name: "timers",
    area: "Waiting",
    title: "Timers of the language, which are durable",
    shown: { typescript: "setTimeout(work, 20)", python: "loop.call_later(0.02, work)" },
    source: {
      typescript: `export async function run(ctx) {
  const fired = [];
  const stopped = setTimeout(() => fired.push("stopped"), 10);
  setTimeout(() => fired.push("second"), 60);
  setTimeout(() => fired.push("first"), 20);
  clearTimeout(stopped);
  await ctx.sleep(90);
  return fired;
}`,
      python: `
import asyncio

async def run(ctx, payload):
    fired = []
    loop = asyncio.get_running_loop()
    stopped = loop.call_later(0.01, fired.append, "stopped")
    loop.call_later(0.06, fired.append, "second")
    loop.call_later(0.02, fired.append, "first")
    stopped.cancel()
    await asyncio.sleep(0.09)
    return fired
`,
    },
    outcome: completed(["first", "second"]),
  },
  {
    name: "events",
    area: "Waiting",
    title: "Waiting for events, in the order in which they were sent",
    shown: {
      typescript: 'await ctx.waitForEvent("paid")',
      python: 'await ctx.wait_for_event("paid")',
    },
    source: {
      typescript: `export async function run(ctx) {
  const first = await ctx.waitForEvent("step");
  const others = await Promise.all([ctx.waitForEvent("step"), ctx.waitForEvent("step")]);
  return [first, ...others];
}`,
      python: `
import asyncio

async def run(ctx, payload):
    first = await ctx.wait_for_event("step")
    others = await asyncio.gather(ctx.wait_for_event("step"), ctx.wait_for_event("step"))
    return [first, *others]
`,
    },
    async act(world, id) {
      await until(world.instance, id, ({ status }) => status !== "scheduled");
      for (const payload of [{ number: 1 }, "two", null]) await sendEvent(world, id, "step", payload);
    },
    outcome: completed([{ number: 1 }, "two", null]),
  },
  {
    name: "event_timeout",
    area: "Waiting",
    title: "A wait for an event that takes too long",
    shown: {
      typescript: 'await ctx.waitForEvent("paid", { timeout: "1d" })',
      python: 'await ctx.wait_for_event("paid", timeout="1d")',
    },
    differs:
      "It ends with a `DOMException` named `TimeoutError` in TypeScript, and with Python's own `TimeoutError`.",
    source: {
      typescript: `export async function run(ctx) {
  const { name } = await ctx.waitForEvent("late", { timeout: 20 }).catch((error) => error);
  return [name, await ctx.waitForEvent("late")];
}`,
      python: `
async def run(ctx, payload):
    try:
        await ctx.wait_for_event("late", timeout="20ms")
    except TimeoutError as error:
        name = type(error).__name__
    return [name, await ctx.wait_for_event("late")]
`,
    },
    async act(world, id) {
      await until(world.instance, id, ({ steps }) => steps.filter(isEventWait).length === 2);
      await sendEvent(world, id, "late", "in time for the second wait");
    },
    outcome: completed(["TimeoutError", "in time for the second wait"]),
  },
  {
    name: "callback",
    area: "Waiting",
    title: "Callbacks: URLs that others post to",
    shown: {
      typescript: "const { url, promise } = ctx.createCallback()",
      python: "callback = ctx.create_callback(); await callback",
    },
    source: {
      typescript: `export async function run(ctx, { url, name }) {
  const callback = ctx.createCallback();
  await fetch(url + "/note?" + name, { method: "POST", body: JSON.stringify(callback.url) });
  return await callback.promise;
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    callback = ctx.create_callback()
    await fetch(f"{payload['url']}/note?{payload['name']}", json=callback.url)
    return await callback
`,
    },
    async act(world, _, name) {
      const url = (await world.noted(name)) as string;
      const headers = { "content-type": "application/json" };
      const { status } = await fetch(url, { method: "POST", body: '{"paid":true}', headers });
      expect(status).toBe(202);
    },
    outcome: completed({ paid: true }),
  },
  {
    name: "callback_timeout",
    area: "Waiting",
    title: "A callback that takes too long",
    shown: {
      typescript: 'ctx.createCallback({ timeout: "1d" })',
      python: 'ctx.create_callback(timeout="1d")',
    },
    source: {
      typescript: `export async function run(ctx) {
  const { promise } = ctx.createCallback({ timeout: 20 });
  return await promise.catch(({ name }) => name);
}`,
      python: `
async def run(ctx, payload):
    try:
        await ctx.create_callback(timeout="20ms")
    except TimeoutError as error:
        return type(error).__name__
`,
    },
    outcome: completed("TimeoutError"),
  },
  {
    name: "race",
    area: "Waiting",
    title: "The first of several waits, and abandoning the others",
    shown: {
      typescript: "await Promise.race([…])",
      python: "await asyncio.wait({…}, return_when=FIRST_COMPLETED)",
    },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const never = new AbortController();
  const waits = [ctx.sleep(30).then(() => "slept"), fetch(url + "/never", { signal: never.signal })];
  const winner = await Promise.race(waits);
  never.abort();
  const left = await waits[1].catch(({ name }) => name);
  return [winner, left === "AbortError"];
}`,
      python: `
import asyncio
from duranium import fetch

async def sleep(ctx):
    await ctx.sleep("30ms")
    return "slept"

async def run(ctx, payload):
    waits = [asyncio.create_task(sleep(ctx)), asyncio.create_task(fetch(payload["url"] + "/never"))]
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    waits[1].cancel()
    left = await asyncio.gather(waits[1], return_exceptions=True)
    return [done.pop().result(), isinstance(left[0], asyncio.CancelledError)]
`,
    },
    outcome: completed(["slept", true]),
  },
  {
    name: "cancellation",
    area: "Waiting",
    title: "Cancellation, with time to clean up",
    shown: { typescript: "try { … } finally { … }", python: "try: … finally: …" },
    differs: "What is pending ends with a `CancelledError` of each language: in Python, that of `asyncio`.",
    source: {
      typescript: `export async function run(ctx, { url, name }) {
  try {
    await ctx.sleep("1h");
  } catch (error) {
    await ctx.sleep(5);
    await fetch(url + "/note?" + name, { method: "POST", body: JSON.stringify(error.name) });
    throw error;
  }
}`,
      python: `
import asyncio
from duranium import fetch

async def run(ctx, payload):
    try:
        await ctx.sleep("1h")
    except asyncio.CancelledError as error:
        await ctx.sleep("5ms")
        await fetch(f"{payload['url']}/note?{payload['name']}", json=type(error).__name__)
        raise
`,
    },
    act: cancelWaiting,
    async check(world, _, name) {
      expect(world.notes(name)).toEqual(["CancelledError"]);
    },
    outcome: cancelled,
  },
  {
    name: "cancellation_ignored",
    area: "Waiting",
    title: "A workflow that returns although it was cancelled is cancelled nevertheless",
    shown: { typescript: "catch { return … }", python: "except asyncio.CancelledError: return …" },
    source: {
      typescript: `export async function run(ctx) {
  return await ctx.sleep("1h").catch(() => "returned");
}`,
      python: `
import asyncio

async def run(ctx, payload):
    try:
        await ctx.sleep("1h")
    except asyncio.CancelledError:
        return "returned"
`,
    },
    act: cancelWaiting,
    outcome: cancelled,
  },
];

function isEventWait({ name }: { readonly name: string }): boolean {
  return name.startsWith("wait for event");
}
