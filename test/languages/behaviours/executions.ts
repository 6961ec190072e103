import { expect } from "vitest";
import { untilEnded } from "../../support/executions.ts";
import { completed, failed } from "../behaviour.ts";
import type { Behaviour } from "../behaviour.ts";

export const executions: readonly Behaviour[] = [
  {
    name: "entry_point",
    area: "Executions",
    title: "What an execution knows of itself",
    shown: {
      typescript: "ctx.workflowId, .version, .executionId, .entryPoint",
      python: "ctx.workflow_id, .version, .execution_id, .entry_point",
    },
    source: {
      typescript: `export async function run(ctx, payload) {
  const changed = (() => { try { ctx.version = 9; return true; } catch { return false; } })();
  return [ctx.workflowId.startsWith("languages-"), ctx.version, ctx.executionId.startsWith("inv_"),
    ctx.entryPoint, ctx.schedule ?? null, payload.name, changed && ctx.version === 9];
}`,
      python: `
async def run(ctx, payload):
    try:
        ctx.version = 9
        changed = True
    except AttributeError:
        changed = False
    return [ctx.workflow_id.startswith("languages-"), ctx.version, ctx.execution_id.startswith("inv_"),
            ctx.entry_point, ctx.schedule, payload["name"], changed]
`,
    },
    outcome: completed([true, 1, true, "entry_point", null, expect.stringContaining("entry_point"), false]),
  },
  {
    name: "payload",
    area: "Executions",
    title: "Payloads and results are JSON",
    shown: { typescript: "return { total: 3 }", python: 'return {"total": 3}' },
    differs:
      "In Python, tuples become arrays; `NaN` and sets are refused. TypeScript follows `JSON.stringify`.",
    source: {
      typescript: `export async function run() {
  return { text: "“ü” \\u{1F600}", list: [1, 2.5, true, null], nested: { empty: {} }, large: 9007199254740991 };
}`,
      python: `
async def run(ctx, payload):
    return {"text": "“ü” \\U0001F600", "list": (1, 2.5, True, None), "nested": {"empty": {}}, "large": 2**53 - 1}
`,
    },
    outcome: completed({
      text: "“ü” \u{1F600}",
      list: [1, 2.5, true, null],
      nested: { empty: {} },
      large: Number.MAX_SAFE_INTEGER,
    }),
  },
  {
    name: "tags",
    area: "Executions",
    title: "Tags",
    shown: { typescript: 'await ctx.tag("nightly")', python: 'await ctx.tag("nightly")' },
    source: {
      typescript: `export async function run(ctx) {
  await ctx.tag("customer:42", "nightly");
  await ctx.tag("nightly");
  return await ctx.tag("no tag").catch(() => "refused");
}`,
      python: `
async def run(ctx, payload):
    await ctx.tag("customer:42", "nightly")
    await ctx.tag("nightly")
    try:
        await ctx.tag("no tag")
    except ValueError:
        return "refused"
`,
    },
    outcome: completed("refused"),
    async check(_, { tags }) {
      expect(tags.toSorted()).toEqual(["customer:42", "nightly"]);
    },
  },
  {
    name: "state",
    area: "State",
    title: "Reading, writing, listing and deleting state",
    shown: { typescript: 'await ctx.state.set("cart", items)', python: 'await ctx.state.set("cart", items)' },
    differs:
      "A missing key is `undefined` in TypeScript, and in Python `None` or the default that `get` takes.",
    source: {
      typescript: `export async function run(ctx) {
  await ctx.state.set("cart", { items: [1] });
  const read = [await ctx.state.get("cart"), (await ctx.state.get("missing")) === undefined];
  const keys = (await ctx.state.keys()).includes("cart");
  await ctx.state.delete("cart");
  return [...read, keys, (await ctx.state.get("cart")) === undefined];
}`,
      python: `
async def run(ctx, payload):
    await ctx.state.set("cart", {"items": [1]})
    read = [await ctx.state.get("cart"), await ctx.state.get("missing") is None]
    keys = "cart" in await ctx.state.keys()
    await ctx.state.delete("cart")
    return [*read, keys, await ctx.state.get("cart", "gone") == "gone"]
`,
    },
    outcome: completed([{ items: [1] }, true, true, true]),
  },
  {
    name: "state_update",
    area: "State",
    title: "Concurrent updates lose nothing",
    shown: {
      typescript: 'await ctx.state.update("n", (n = 0) => n + 1)',
      python: 'await ctx.state.update("n", lambda n: n + 1, default=0)',
    },
    differs:
      "A function that returns `undefined` deletes the key in TypeScript; in Python one that returns `DELETE`.",
    source: {
      typescript: `export async function run(ctx) {
  await Promise.all([1, 2].map(() => ctx.state.update("count", (count = 0) => count + 1)));
  const count = await ctx.state.get("count");
  await ctx.state.update("count", () => undefined);
  return [count, (await ctx.state.keys()).includes("count")];
}`,
      python: `
import asyncio
from duranium import DELETE

async def run(ctx, payload):
    add = lambda count: count + 1
    await asyncio.gather(*(ctx.state.update("count", add, default=0) for _ in range(2)))
    count = await ctx.state.get("count")
    await ctx.state.update("count", lambda _: DELETE)
    return [count, "count" in await ctx.state.keys()]
`,
    },
    outcome: completed([2, false]),
  },
  {
    name: "call",
    area: "Other executions",
    title: "Calling another workflow, and its result",
    shown: {
      typescript: 'await ctx.call("invoice", { payload })',
      python: 'await ctx.call("invoice", payload)',
    },
    source: {
      typescript: `export async function run(ctx, { child }) {
  return await ctx.call("languages-child", { payload: { total: 3 }, entryPoint: "charge" });
}`,
      python: `
async def run(ctx, payload):
    return await ctx.call("languages-child", {"total": 3}, entry_point="charge")
`,
    },
    outcome: completed({ entryPoint: "charge", payload: { total: 3 } }),
  },
  {
    name: "call_failure",
    area: "Other executions",
    title: "The failure of a called workflow, and of one that does not exist",
    shown: { typescript: "catch ({ name, message, code })", python: "except CallError as error" },
    source: {
      typescript: `export async function run(ctx) {
  const failed = ({ name, message, code }) => [name, message, code];
  const bad = await ctx.call("languages-child", { payload: "fail" }).catch(failed);
  const [, , none] = await ctx.call("no-such-workflow").catch(failed);
  return [bad, none];
}`,
      python: `
from duranium import CallError

async def run(ctx, payload):
    try:
        await ctx.call("languages-child", "fail")
    except CallError as error:
        bad = [error.name, str(error), error.code]
    try:
        await ctx.call("no-such-workflow")
    except CallError as error:
        return [bad, error.code]
`,
    },
    outcome: completed([["RangeError", "too much", "workflow-failed"], "workflow-not-found"]),
  },
  {
    name: "send",
    area: "Other executions",
    title: "Starting another execution without waiting for it",
    shown: {
      typescript: 'await ctx.send("report", { delay: "5m" })',
      python: 'await ctx.send("report", delay="5m")',
    },
    source: {
      typescript: `export async function run(ctx) {
  const { executionId } = await ctx.send("languages-child", { payload: "sent", delay: 20 });
  return executionId;
}`,
      python: `
async def run(ctx, payload):
    return (await ctx.send("languages-child", "sent", delay="20ms")).execution_id
`,
    },
    outcome: completed(expect.stringMatching(/^inv_/)),
    async check({ instance }, { result }) {
      const { result: sent } = await untilEnded(instance, result);
      expect(sent).toEqual({ entryPoint: null, payload: "sent" });
    },
  },
  {
    name: "retry_helper",
    area: "Helpers",
    title: "Retrying any function, with durable pauses",
    shown: { typescript: "await retry(ctx, work)", python: "await ctx.retry(work)" },
    source: {
      typescript: `import { retry } from "duranium";
export async function run(ctx) {
  return await retry(ctx, async (attempt) => {
    if (attempt < 3) throw new Error("not yet");
    return attempt;
  }, { delay: 5 });
}`,
      python: `
async def run(ctx, payload):
    async def work(attempt):
        if attempt < 3:
            raise RuntimeError("not yet")
        return attempt
    return await ctx.retry(work, delay="5ms")
`,
    },
    outcome: completed(3),
    async check(_, { steps }) {
      expect(steps.filter(({ name }: { name: string }) => name.startsWith("sleep"))).toHaveLength(2);
    },
  },
  {
    name: "map_concurrent",
    area: "Helpers",
    title: "Working on a list with a limited concurrency",
    shown: {
      typescript: "await mapConcurrent(items, work, { concurrency: 2 })",
      python: "await map_concurrent(items, work, concurrency=2)",
    },
    source: {
      typescript: `import { mapConcurrent } from "duranium";
export async function run(ctx) {
  let [running, most] = [0, 0];
  const results = await mapConcurrent([3, 1, 2], async (item) => {
    most = Math.max(most, ++running);
    await ctx.sleep(item);
    running--;
    return item * 2;
  }, { concurrency: 2 });
  return [results, most];
}`,
      python: `
from duranium import map_concurrent

async def run(ctx, payload):
    running = most = 0
    async def work(item):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await ctx.sleep(item / 1000)
        running -= 1
        return item * 2
    results = await map_concurrent([3, 1, 2], work, concurrency=2)
    return [results, most]
`,
    },
    outcome: completed([[6, 2, 4], 2]),
  },
  {
    name: "console",
    area: "Console",
    title: "Console lines and their levels",
    shown: { typescript: 'console.warn("late")', python: 'print("late"), logging.warning("late")' },
    differs: "`console` takes values of any kind; lines of Python are text.",
    source: {
      typescript: `export async function run(ctx) {
  console.log("one");
  console.warn("two");
  await ctx.sleep(1);
  console.error("three");
  return null;
}`,
      python: `
import logging

async def run(ctx, payload):
    print("one")
    logging.warning("two")
    await ctx.sleep(0.001)
    logging.error("three")
`,
    },
    outcome: completed(null),
    async check({ instance }, { executionId }) {
      const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
      const lines = body.items.map((line: { level: string; arguments: unknown[] }) => [
        line.level,
        ...line.arguments,
      ]);
      expect(lines).toEqual([
        ["info", "one"],
        ["warn", "two"],
        ["error", "three"],
      ]);
    },
  },
  {
    name: "unserializable",
    area: "Executions",
    title: "A result that is no JSON fails the execution",
    shown: { typescript: "return 10n", python: "return {1, 2}" },
    differs: "Functions and `undefined` are left out in TypeScript, as by `JSON.stringify`.",
    source: {
      typescript: "export async function run() { return { total: 10n }; }",
      python: `
async def run(ctx, payload):
    return {"total": {1, 2}}
`,
    },
    outcome: failed({ name: "TypeError", message: expect.stringMatching(/BigInt|total/) }),
  },
];
