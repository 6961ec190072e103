import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

describePython("the operations of ctx in Python", () => {
  test("ctx says which execution it is, and cannot be changed", () => {
    const { result } = play(
      `
async def run(ctx, payload):
    try:
        ctx.version = 9
    except AttributeError as error:
        changed = str(error)
    schedule = ctx.schedule
    return [ctx.workflow_id, ctx.version, ctx.execution_id, ctx.entry_point, payload, changed,
            schedule.id, schedule.scheduled_at, schedule.previous_at]
`,
      {
        payload: { a: [1, null, "ü"] },
        context: {
          entryPoint: "nightly",
          schedule: { id: "order-sync.nightly", scheduledAt: "2026-01-01T00:00:00Z" },
        },
      },
    );
    expect(result).toEqual([
      "order-sync",
      3,
      "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z",
      "nightly",
      { a: [1, null, "ü"] },
      "ctx.version cannot be set: ctx cannot be changed",
      "order-sync.nightly",
      "2026-01-01T00:00:00Z",
      null,
    ]);
  });

  test("ctx.sleep takes seconds, a timedelta and texts, and refuses what is no duration", () => {
    const { result, calls } = play(`
import asyncio
from datetime import datetime, timedelta, timezone

async def refused(duration):
    try:
        await duration
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"

async def run(ctx, payload):
    for duration in (1.5, timedelta(minutes=2), "1h30m", "PT5M", "250ms", 0.07, 0):
        await ctx.sleep(duration)
    await ctx.sleep_until(datetime.now(timezone.utc) + timedelta(seconds=3))
    await ctx.sleep_until("2020-01-01T00:00:00Z")
    await asyncio.sleep(2, "result")
    return [await refused(ctx.sleep(one)) for one in ("soon", -1, None, "400d", float("nan"), True)]
`);
    expect(calls).toEqual(
      [1_500, 120_000, 5_400_000, 300_000, 250, 70, 0, 3_000, 0, 2_000].map((ms) => `sleep ${ms}`),
    );
    const forms = 'use seconds, a timedelta, or text like "250ms", "30s", "5m", "1h30m", "2d", "1w", "PT5M"';
    expect(result).toEqual([
      `ValueError: 'soon' is no duration: ${forms}`,
      "ValueError: Cannot wait for -1: a duration is not negative",
      `TypeError: A value of type NoneType is no duration: ${forms}`,
      "ValueError: Cannot wait for '400d': at most 366 days are possible",
      `ValueError: nan is no duration: ${forms}`,
      `TypeError: A value of type bool is no duration: ${forms}`,
    ]);
  });

  test("events of one name reach their waiters in order, and an abandoned wait keeps no call", () => {
    let sent = 0;
    const { result, calls, abandoned } = play(
      `
import asyncio

async def run(ctx, payload):
    first, second = await asyncio.gather(ctx.wait_for_event("paid"), ctx.wait_for_event("paid"))
    try:
        await ctx.wait_for_event("never", timeout="5s")
    except TimeoutError as error:
        missed = str(error)
    try:
        await ctx.wait_for_event("no name")
    except ValueError as error:
        refused = str(error)
    return [first, second, missed, refused]
`,
      { answer: (_, { event }) => (event === "paid" ? { value: (sent += 1) } : undefined) },
    );
    expect(result).toEqual([
      1,
      2,
      'The event "never" did not come within 5s',
      `'no name' is no name of an event: use 1 to 128 letters, digits, ".", "_", ":" and "-"`,
    ]);
    expect(calls).toEqual([
      'wait {"event":"paid","index":0}',
      'wait {"event":"paid","index":1}',
      "timer 5000",
      'wait {"event":"never","index":0}',
    ]);
    expect(abandoned).toEqual([3]);
  });

  test("a callback has a URL that follows from the seed, and can be awaited again after a timeout", () => {
    const { result, calls } = play(
      `
import asyncio

async def run(ctx, payload):
    callback = ctx.create_callback()
    other = ctx.create_callback(timeout="1s")
    try:
        await other
    except TimeoutError as error:
        missed = str(error)
    return [callback.url, other.url, missed, await callback, await callback]
`,
      {
        answer: (_, { callback }) => (callback === 0 ? { value: { ok: true } } : undefined),
      },
    );
    const url =
      /^https:\/\/duranium\.example\/callbacks\/inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z\.[01]\.[\da-f]{64}$/;
    const [first, second, ...rest] = result as string[];
    expect(first).toMatch(url);
    expect(second).toMatch(url);
    expect(rest).toEqual(["The callback did not come within 1s", { ok: true }, { ok: true }]);
    expect(calls).toEqual(['wait {"callback":0}', 'wait {"callback":1}', "timer 1000"]);
  });

  test("the URLs of callbacks and the placeholders of secrets are those of JavaScript with the same seed", async () => {
    const { createGuestRunner } = await import("../guest-runner.ts");
    const playJavaScript = await createGuestRunner();
    const { result: expected } = playJavaScript(`export async function run(ctx) {
      return [ctx.createCallback().url, ctx.createCallback().url, ctx.secrets.API_KEY];
    }`);
    const { result } = play(`
async def run(ctx, payload):
    return [ctx.create_callback().url, ctx.create_callback().url, ctx.secrets["API_KEY"]]
`);
    expect(result).toEqual(expected);
  });

  test("ctx.state reads, writes, lists, deletes and updates", () => {
    let revision = 0;
    const seen: unknown[] = [];
    const { result } = play(
      `
from duranium import DELETE

async def run(ctx, payload):
    state = ctx.state
    read = [await state.get("count"), await state.get("missing"), await state.get("missing", "default")]
    await state.set("count", {"a": (1, 2)})
    await state.delete("old")
    async def change(value):
        return value + 1
    updated = [await state.update("count", change), await state.update("gone", lambda value: DELETE)]
    refused = []
    for key, value in (("", 1), ("k" * 300, 1), ("k", {1, 2}), ("k", "x" * 300_000)):
        try:
            await state.set(key, value)
        except (TypeError, ValueError) as error:
            refused.append(f"{type(error).__name__}: {error}")
    return [read, await state.keys(), updated, refused]
`,
      {
        state: ({ action, key, ...rest }) => {
          seen.push([action, ...(key === undefined ? [] : [key]), ...Object.values(rest)]);
          if (action === "keys") return ["count"];
          if (action === "get") return key === "count" ? { value: 7, revision: "r" } : { revision: null };
          // The first update loses.
          if (action === "update") return (revision += 1) === 1 ? { value: 8, revision: "s" } : null;
          return null;
        },
      },
    );
    const bytes = "has 300002 bytes, and the limit is 262144 (stateValueBytes)";
    expect(result).toEqual([
      [7, null, "default"],
      ["count"],
      [8, null],
      [
        "TypeError: A key of ctx.state is a text of 1 to 256 characters",
        "LimitExceededError: A key of ctx.state has 300 characters, and the limit is 256 (maxStateKeyLength)",
        "TypeError: The value of ctx.state 'k' is not JSON: value is a set: return sorted(…) or list(…) of it",
        `LimitExceededError: The value of ctx.state 'k' ${bytes}`,
      ],
    ]);
    expect(seen).toEqual([
      ["get", "count"],
      ["get", "missing"],
      ["get", "missing"],
      ["set", "count", { a: [1, 2] }],
      ["delete", "old"],
      ["get", "count"],
      ["update", "count", "r", 8],
      ["get", "count"],
      ["update", "count", "r", 8],
      ["get", "gone"],
      ["update", "gone", null],
      ["keys"],
    ]);
  });

  test("secrets are placeholders, and sign outside of the sandbox", () => {
    const { result, calls } = play(
      `
async def run(ctx, payload):
    signature = await ctx.secrets.hmac_sha256("API_KEY", "data")
    refused = []
    for read in (lambda: ctx.secrets.lower, lambda: ctx.secrets["with space"]):
        try:
            read()
        except (AttributeError, KeyError) as error:
            refused.append(type(error).__name__)
    return [ctx.secrets.API_KEY == ctx.secrets["API_KEY"], "API_KEY" in ctx.secrets, signature.hex(), refused]
`,
      { answer: () => ({ value: null, body: new Uint8Array([1, 255]) }) },
    );
    expect(result).toEqual([true, true, "01ff", ["AttributeError", "KeyError"]]);
    expect(calls).toEqual(['hmac {"secret":"API_KEY"}']);
  });

  test("ctx.call returns results and raises failures, and ctx.send starts executions later", () => {
    const { result, calls } = play(
      `
from datetime import datetime, timedelta
from duranium import CallError

async def run(ctx, payload):
    called = await ctx.call("invoice", {"total": 3}, entry_point="draft")
    try:
        await ctx.call("broken")
    except CallError as error:
        failed = [error.name, str(error), error.code]
    sent = await ctx.send("report", [1], delay=timedelta(minutes=5))
    await ctx.send("report", at=datetime(2026, 12, 24, 18))
    return [called, failed, sent.execution_id]
`,
      {
        answer: (operation, { workflowId }) => {
          if (operation === "send") return { value: { executionId: "inv_sent" } };
          if (workflowId === "invoice") return { value: { id: 5 } };
          return { error: { name: "OrderError", message: "no such order", code: "workflow-failed" } };
        },
      },
    );
    expect(result).toEqual([{ id: 5 }, ["OrderError", "no such order", "workflow-failed"], "inv_sent"]);
    expect(calls).toEqual([
      'call {"workflowId":"invoice","payload":{"total":3},"entryPoint":"draft"}',
      'call {"workflowId":"broken","payload":null}',
      'send {"workflowId":"report","payload":[1],"delayMs":300000}',
      `send {"workflowId":"report","payload":null,"delayMs":0,"at":${Date.UTC(2026, 11, 24, 18)}}`,
    ]);
  });

  test("ctx.tag sets each tag once, 10 at most", () => {
    const { result, calls } = play(`
async def run(ctx, payload):
    await ctx.tag("customer:42", "nightly", "nightly")
    await ctx.tag("nightly")
    refused = []
    for tags in (["no tag"], [1], [f"t{number}" for number in range(9)]):
        try:
            await ctx.tag(*tags)
        except (TypeError, ValueError) as error:
            refused.append(type(error).__name__)
    return refused
`);
    expect(result).toEqual(["ValueError", "TypeError", "LimitExceededError"]);
    expect(calls).toEqual(["tag customer:42 nightly"]);
  });

  test("retry waits longer each time, and map_concurrent keeps its concurrency and order", () => {
    const { result, calls } = play(`
import asyncio
from duranium import map_concurrent, retry

async def run(ctx, payload):
    async def failing(attempt):
        if attempt < 4:
            raise ConnectionError(attempt)
        return attempt
    tried = await ctx.retry(failing, delay=1, max_delay="3s")
    try:
        await retry(lambda: 1 / 0, attempts=2, should_retry=lambda error, attempt: False)
    except ZeroDivisionError as error:
        last = str(error)
    running, most = 0, 0
    async def work(item):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        if item == 9:
            raise KeyError(item)
        return item * 2
    results = await map_concurrent([3, 1, 2], work, concurrency=2)
    try:
        await map_concurrent([9, 1], work, concurrency=1)
    except KeyError as error:
        failed = repr(error)
    return [tried, last, results, most, failed]
`);
    expect(result).toEqual([4, "division by zero", [6, 2, 4], 2, "KeyError(9)"]);
    const waits = calls.map((call) => Number(call.split(" ")[1]));
    expect(waits).toHaveLength(3);
    for (const [index, longest] of [1_000, 2_000, 3_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(waits[index]).toBeLessThanOrEqual(longest);
    }
  });

  test("call sites are the frames of the workflow, innermost first", () => {
    const { callSites } = play(
      `
import asyncio

async def pause(ctx):
    await ctx.sleep(1)

async def run(ctx, payload):
    await pause(ctx)
    await asyncio.gather(pause(ctx))
`,
      { context: { callSites: true } },
    );
    expect(callSites).toEqual([
      ["at pause (flow.py:5:5)", "at run (flow.py:8:5)"],
      ["at pause (flow.py:5:5)"],
    ]);
  });

  test("no operation works while the workflow is loaded, and the place is named", () => {
    const { evaluationFailure } = play(`
from duranium import fetch

async def run(ctx, payload):
    pass

fetch("https://a.test/").send(None)
`);
    expect(evaluationFailure).toEqual({
      name: "RuntimeError",
      message: "fetch is not available while the workflow is loaded: use it inside run()",
      stack: "at <module> (flow.py:7:1)",
    });
  });

  test("the module's schedules and flow are its declarations, with the names of TypeScript's", () => {
    const source = `
schedules = [{"cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin", "payload": {"time_zone": 1}}]
flow = {"concurrency": {"perKey": 3, "key": "/customer"}}

async def run(ctx):
    pass
`;
    expect(play(source).declarations).toEqual({
      schedules: [{ cron: "0 9 * * 1-5", timeZone: "Europe/Berlin", payload: { time_zone: 1 } }],
      flow: { concurrency: { perKey: 3, key: "/customer" } },
    });
  });
});
