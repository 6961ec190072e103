import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/**
 * Bugs of other durable executions that are known to the public, each as a workflow here. What they have in common
 * is that an execution took one way when it ran and another when it was replayed.
 *
 * Workflows tell the target what they know with each effect. An effect that comes twice, or that says something else
 * than the result does, is a replay that went astray.
 */
describe("bugs of other engines do not occur", () => {
  let instance: Instance;
  let target: Target;
  let status = 503;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "POST /note": () => "noted",
      "POST /charge": (_request, response) => void response.writeHead(status).end(),
      // Those that are asked for first are answered last.
      "GET /backwards": async ({ path }) => {
        await delay(400 - 100 * Number(path.slice(-1)));
        return Number(path.slice(-1));
      },
      "GET /pauses": () => ({ pauseMs: 25, pauses: ["PT0.02S", "15ms", 10], none: {} }),
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  /** What the execution noted, in order: `[what, knowledge]`. */
  function notesOf(id: string): [string, unknown][] {
    const notes = target.seen.filter(({ path }) => path === `/note?${id}`);
    return notes.map(({ body }) => JSON.parse(body) as [string, unknown]);
  }

  async function send(id: string, event: string, body: unknown): Promise<void> {
    const { status } = await instance.request("POST", `/executions/${id}/events/${event}`, { body });
    if (status !== 202) throw new Error(`the event was answered ${status}`);
  }

  async function untilNoted(id: string, what: string): Promise<void> {
    while (!notesOf(id).some(([noted]) => noted === what)) await delay(10);
  }

  // Replays let a sleep win that the event had won, or the other way round, and about 130 runs ended with a log
  // that was called corrupted. https://github.com/vercel/workflow/pull/2171
  test("Vercel: an event and a sleep that end almost simultaneously, and the calls after them", async () => {
    const source = `${note} export async function run(ctx, { url, sleep }) {
        const hook = ctx.waitForEvent("hook");
        const winner = await Promise.race([hook, ctx.sleep(sleep).then(() => "slept")]);
        await note(ctx, url, "raced", winner);
        await Promise.all([ctx.sleep(5), note(ctx, url, "together", winner)]);
        if (winner === "slept") await ctx.sleep(3);
        const received = await hook;
        await note(ctx, url, "received", received);
        return [winner, received];
      }`;
    await deploy(instance, "hook-and-sleep", source);
    const race = async (sleep: number | string, sendWebhook: (id: string) => Promise<void>) => {
      const id = await startExecution(instance, "hook-and-sleep", { url: target.url, sleep });
      await sendWebhook(id);
      const { result } = await untilEnded(instance, id);
      expect(notesOf(id)).toEqual([
        ["raced", result[0]],
        ["together", result[0]],
        ["received", "hooked"],
      ]);
      return result;
    };
    const atTheEnd = Array.from({ length: 24 }, (_, index) => async (id: string) => {
      await delay(300 + index * 25);
      await send(id, "hook", "hooked");
    });
    const near = await Promise.all(atTheEnd.map(async (sendWebhook) => await race(600, sendWebhook)));
    expect(near.map(([, received]) => received)).toEqual(near.map(() => "hooked"));
    expect(await race("1h", async (id) => await send(id, "hook", "hooked"))).toEqual(["hooked", "hooked"]);
    const slept = await race(1, async (id) => {
      await untilNoted(id, "together");
      await send(id, "hook", "hooked");
    });
    expect(slept).toEqual(["slept", "hooked"]);
  });

  // The same with several hooks of which all are needed. https://github.com/vercel/workflow/issues/3070
  test("Vercel: Promise.all of several events in a race with a sleep", async () => {
    const source = `${note} export async function run(ctx, { url, sleepMs }) {
        const hooks = Promise.all(["a", "b", "c"].map((name) => ctx.waitForEvent(name)));
        const winner = await Promise.race([hooks, ctx.sleep(sleepMs).then(() => "slept")]);
        await note(ctx, url, "raced", winner);
        await ctx.sleep(5);
        const received = await hooks;
        await note(ctx, url, "received", received);
        return winner;
      }`;
    await deploy(instance, "hooks-race", source);
    const race = async (lastAfterMs: number) => {
      const id = await startExecution(instance, "hooks-race", { url: target.url, sleepMs: 500 });
      await Promise.all([send(id, "c", 3), send(id, "a", 1)]);
      await delay(lastAfterMs);
      await send(id, "b", 2);
      const { result } = await untilEnded(instance, id);
      expect(["slept", [1, 2, 3]]).toContainEqual(result);
      expect(notesOf(id)).toEqual([
        ["raced", result],
        ["received", [1, 2, 3]],
      ]);
    };
    await Promise.all([200, 300, 350, 400, 450, 500, 600, 800].map(race));
  });

  // A loop that carries one wait for an event across its heartbeats sometimes stalled on a replay.
  // https://github.com/vercel/workflow/pull/4017
  test("Vercel: a loop of heartbeats with events that arrive alone, in bursts and together with a heartbeat", async () => {
    const source = `${note} export async function run(ctx, url) {
        const woken = [];
        let cycles = 0;
        for (let wake = ctx.waitForEvent("wake"); woken.length < 8; ) {
          const value = await Promise.race([wake, ctx.sleep(60)]);
          if (value !== undefined) {
            woken.push(value);
            wake = ctx.waitForEvent("wake");
            if (value % 3 === 0) continue;
          }
          cycles += 1;
          for (const step of ["verify", "drain", "sync"]) await note(ctx, url, cycles + " " + step, woken);
        }
        return { woken, cycles };
      }`;
    await deploy(instance, "wake-loop", source);
    const id = await startExecution(instance, "wake-loop", target.url);
    await untilNoted(id, "1 drain");
    for (const wake of [1, 2, 3, 4]) await send(id, "wake", wake);
    for (const wake of [5, 6, 7, 8]) {
      await delay(60);
      await send(id, "wake", wake);
    }
    const { result } = await untilEnded(instance, id);
    expect(result.woken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const cycles = Array.from({ length: result.cycles }, (_, cycle) => cycle + 1);
    expect(notesOf(id).map(([what]) => what)).toEqual(
      cycles.flatMap((cycle) => ["verify", "drain", "sync"].map((step) => `${cycle} ${step}`)),
    );
  });

  // The clock after a race depended on how much of the log a replay had read, so branches on it went either way.
  // https://github.com/vercel/workflow/pull/3583 https://github.com/vercel/workflow/pull/4213
  test("Vercel: Date.now() after a race, and branches on it", async () => {
    const source = `${note} export async function run(ctx, url) {
        const times = [Date.now()];
        for (let round = 0; round < 6; round += 1) {
          const cutoff = Date.now() + 12;
          const winner = await Promise.race([
            note(ctx, url, "race " + round, [...times]).then(() => "note"),
            ctx.waitForEvent("tick").then(() => "tick"),
            ctx.sleep(4 * round).then(() => "sleep"),
          ]);
          times.push(Date.now());
          const branch = Date.now() < cutoff ? "before" : "after";
          await ctx.sleep(branch === "before" ? 2 : 3);
          if (Date.now() % 2 === 0) await ctx.sleep(1);
          await note(ctx, url, branch + " " + round, [winner, ...times, new Date().toISOString()]);
        }
        return times;
      }`;
    await deploy(instance, "clock-race", source);
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => await startExecution(instance, "clock-race", target.url)),
    );
    await Promise.all(ids.map(async (id) => await send(id, "tick", null)));
    for (const id of ids) {
      const { result: times } = await untilEnded(instance, id);
      expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));
      expect(times.at(-1)).toBeGreaterThan(times[0]);
      const notes = notesOf(id);
      expect(new Set(notes.map(([what]) => what)).size).toBe(notes.length);
      const known = notes.filter(([what]) => what.startsWith("race")).map(([, knowledge]) => knowledge);
      expect(known).toEqual(known.map((_, round) => times.slice(0, round + 1)));
    }
  });

  // Concurrent sleeps left events that no replay could place. https://github.com/vercel/workflow/issues/1266
  // Trigger.dev takes one wait at a time only. https://github.com/triggerdotdev/trigger.dev/pull/1618
  test("Vercel, Trigger.dev: many concurrent poll loops, and concurrent waits of every kind", async () => {
    const source = `${note} export async function run(ctx, url) {
        const poll = async (poller) => {
          for (let round = 0; round < 5; round += 1) await ctx.sleep(5 + ((poller * 7 + round * 3) % 11));
          await note(ctx, url, "poller " + poller, Date.now());
          return poller;
        };
        const { url: address, promise } = ctx.createCallback();
        const waits = [
          ctx.waitForEvent("go"), promise, ctx.call("polled"), ctx.sleep("PT0.03S").then(() => "slept"),
          new Promise((resolve) => setTimeout(resolve, 20, "timer")),
          ctx.waitForEvent("never", { timeout: 40 }).catch(({ name }) => name),
        ];
        await note(ctx, url, "address", address);
        return await Promise.all([...waits, ...[0, 1, 2, 3, 4, 5].map(poll)]);
      }`;
    await deploy(instance, "polled", "export const run = async (ctx) => (await ctx.sleep(30), 'called');");
    await deploy(instance, "polls", source);
    const id = await startExecution(instance, "polls", target.url);
    await untilNoted(id, "address");
    await send(id, "go", "gone");
    const headers = { "content-type": "application/json" };
    await fetch(String(notesOf(id)[0]?.[1]), { method: "POST", headers, body: '"called back"' });
    const { result } = await untilEnded(instance, id);
    expect(result.slice(0, 6)).toEqual(["gone", "called back", "called", "slept", "timer", "TimeoutError"]);
    expect(result.slice(6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(notesOf(id)).toHaveLength(7);
  });

  // Replays gave the first race to a timer that had ended after it. https://github.com/Azure/azure-functions-durable-js/issues/63
  // One sleep in two races. https://github.com/vercel/workflow/pull/2125
  test("Durable Functions, Vercel: a timer that lost a race and ends during the next race", async () => {
    const source = `${note} export async function run(ctx, url) {
        const slept = ctx.sleep(2500).then(() => "slept");
        const first = await Promise.race([slept, ctx.waitForEvent("first")]);
        await note(ctx, url, "first", first);
        const second = await ctx.waitForEvent("second");
        return [first, second, await Promise.race([slept, ctx.waitForEvent("third")])];
      }`;
    await deploy(instance, "late-timer", source);
    const id = await startExecution(instance, "late-timer", target.url);
    await send(id, "first", "event");
    await untilNoted(id, "first");
    await until(instance, id, ({ steps }) => steps.some(isSleepThatEnded));
    await send(id, "second", "event");
    expect((await untilEnded(instance, id)).result).toEqual(["event", "event", "slept"]);
  });

  // An orchestration did not end before the timer that had lost. https://github.com/microsoft/durabletask-dotnet/issues/713
  test("Durable Task: a long timer that lost a race does not delay the execution", async () => {
    const source = `export async function run(ctx) {
        setTimeout(() => {}, 3_600_000);
        return await Promise.race([ctx.sleep("365d"), ctx.waitForEvent("go"), ctx.waitForEvent("no", { timeout: "1d" })]);
      }`;
    await deploy(instance, "long-timer", source);
    const id = await startExecution(instance, "long-timer");
    await send(id, "go", "gone");
    expect((await untilEnded(instance, id)).result).toBe("gone");
  });

  // Results came in the order of their completion at first, and in the order of the calls when replayed, so what
  // followed was numbered otherwise. https://github.com/temporalio/sdk-python/issues/1578
  // https://github.com/dbos-inc/dbos-transact-py/issues/688 https://github.com/dbos-inc/dbos-transact-rust/issues/57
  test("Temporal, DBOS: the order in which calls end determines the next calls", async () => {
    const source = `${note} export async function run(ctx, url) {
        const order = [];
        const get = async (n) => await (await fetch(url + "/backwards?" + n)).json();
        const chain = async (n) => {
          const place = order.push(await get(n));
          await note(ctx, url, "ended " + place, [...order]);
          await ctx.sleep(n);
          await note(ctx, url, "slept " + place, order.slice(0, place));
          return n;
        };
        const all = await Promise.all([0, 1, 2, 3].map(chain));
        const left = new Map([0, 1, 2, 3].map((n) => [n, get(n)]));
        const taken = [];
        while (left.size > 0) {
          const first = await Promise.race(left.values());
          left.delete(first);
          taken.push(first);
          await note(ctx, url, "taken " + taken.length, [...taken]);
        }
        return { order, all, taken };
      }`;
    await deploy(instance, "completes", source);
    const { executionId: id, result } = await execute(instance, "completes", target.url);
    const { order, all, taken } = result;
    for (const each of [all, order, taken]) expect(each.toSorted()).toEqual([0, 1, 2, 3]);
    const known = [1, 2, 3, 4].flatMap((place): [string, unknown][] => [
      [`ended ${place}`, order.slice(0, place)],
      [`slept ${place}`, order.slice(0, place)],
      [`taken ${place}`, taken.slice(0, place)],
    ]);
    expect(new Map(notesOf(id))).toEqual(new Map(known));
    expect(notesOf(id)).toHaveLength(known.length);
  });

  // A step beside a chain was done twice. https://github.com/inngest/inngest/issues/4897
  // Nested Promise.all did not replay. https://github.com/temporalio/sdk-typescript/issues/1744
  test("Inngest, Temporal: concurrent and nested chains run each step once", async () => {
    const source = `${note} export async function run(ctx, url) {
        await Promise.all([1, 3].map(async (offset) => {
          await Promise.all(["a", "b", "c"].map(async (name, index) => {
            await ctx.sleep(Math.random() * 20);
            await note(ctx, url, offset + name + 1, null);
            await ctx.sleep(offset * 5 + index);
            await note(ctx, url, offset + name + 2, null);
          }));
          await note(ctx, url, offset + " done", null);
        }));
        return Math.random();
      }`;
    await deploy(instance, "nested", source);
    const { executionId: id } = await execute(instance, "nested", target.url);
    const steps = [1, 3].flatMap((offset) => [
      ...["a1", "a2", "b1", "b2", "c1", "c2"].map((name) => `${offset}${name}`),
      `${offset} done`,
    ]);
    expect(
      notesOf(id)
        .map(([what]) => what)
        .toSorted(),
    ).toEqual(steps.toSorted());
  });

  // What was pending was cancelled in no certain order, and so replayed in another. https://github.com/temporalio/sdk-java/issues/2473
  test("Temporal: a cancellation rejects pending calls in a fixed order", async () => {
    const source = `${note} export async function run(ctx, url) {
        const order = [];
        const clean = async (name, wait) => {
          try {
            await wait;
          } finally {
            order.push(name);
            await note(ctx, url, name, [...order]);
          }
        };
        await Promise.allSettled([
          clean("sleep", ctx.sleep("1h")), clean("event", ctx.waitForEvent("never", { timeout: "2h" })),
          clean("callback", ctx.createCallback().promise), clean("child", ctx.call("sleeps-on")),
          clean("nested", (async () => { await ctx.sleep(1); await ctx.sleep("3h"); })()),
        ]);
      }`;
    await deploy(instance, "sleeps-on", "export const run = (ctx) => ctx.sleep('1h');");
    await deploy(instance, "cancelled", source);
    const id = await startExecution(instance, "cancelled", target.url);
    await until(instance, id, ({ steps }) => steps.filter(isSleep).length === 3);
    await instance.request("POST", `/executions/${id}/cancel`);
    expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
    const orders = notesOf(id).map(([, order]) => order as string[]);
    const last = orders.toSorted((a, b) => a.length - b.length).at(-1) ?? [];
    expect(last.toSorted()).toEqual(["callback", "child", "event", "nested", "sleep"]);
    expect(new Map(notesOf(id))).toEqual(
      new Map(last.map((name, place) => [name, last.slice(0, place + 1)])),
    );
    expect(orders).toHaveLength(last.length);
  });

  // What an execution did to the globals was seen by others in the same context. https://github.com/temporalio/sdk-typescript/pull/1519
  test("Temporal: changes to globals are isolated between executions", async () => {
    const source = `${note} export async function run(ctx, { url, name }) {
        const symbol = Symbol.for("mine");
        const before = [Number.a, globalThis.a, globalThis[symbol], [].mine, console.mine, typeof escape];
        Number.a = globalThis.a = globalThis[symbol] = Array.prototype.mine = name;
        globalThis.console = { ...console, mine: name };
        delete globalThis.escape;
        for (let round = 0; round < 4; round += 1) await ctx.sleep(10);
        delete globalThis.a;
        await note(ctx, url, "mine", name);
        globalThis.a = (globalThis.a ?? 0) + 1;
        return [before, [Number.a, globalThis.a, globalThis[symbol], [].mine, console.mine, typeof escape]];
      }`;
    await deploy(instance, "globals", source);
    const names = Array.from({ length: 8 }, (_, index) => `execution${index}`);
    const begun = await Promise.all(
      names.map(async (name) => await startExecution(instance, "globals", { url: target.url, name })),
    );
    for (const [index, id] of begun.entries()) {
      const [before, after] = (await untilEnded(instance, id)).result;
      expect(before).toEqual([null, null, null, null, null, "function"]);
      const name = names[index];
      expect(after).toEqual([name, 1, name, name, name, "undefined"]);
    }
  });

  // The stack of an error was another one on a replay. https://github.com/restatedev/sdk-typescript/issues/656
  // So was its class, and one that was caught hung the replay. https://github.com/windmill-labs/windmill/pull/10348
  test("Restate, Windmill: an error is the same on every replay, and can be caught", async () => {
    const source = `${note} class OutOfStock extends Error { sku = "A-1"; }
      const describe = (error) => ({
        ...error, name: error.name, message: error.message, stack: error.stack, code: error.code, text: String(error),
        kinds: [TypeError, DOMException, OutOfStock, Error].map((kind) => error instanceof kind),
      });
      export async function run(ctx, url) {
        const failures = [
          () => fetch("http://169.254.169.254/"), () => fetch(url + "/note", { method: "BAD METHOD" }),
          () => ctx.call("fails"), () => ctx.call("is-not-there"), () => ctx.sleep(-1),
          () => ctx.waitForEvent("never", { timeout: 5 }), () => { throw new OutOfStock("none left"); },
          () => ctx.sleep("1h", { signal: AbortSignal.timeout(5) }), () => new URL("no url"),
        ];
        const errors = [];
        for (const failure of failures) {
          try {
            await failure();
          } catch (error) {
            errors.push(error);
          }
          await note(ctx, url, "caught " + errors.length, errors.map(describe));
        }
        await ctx.sleep(5);
        return errors.map(describe);
      }`;
    await deploy(instance, "fails", "export function run() { throw new RangeError('too much'); }");
    await deploy(instance, "catches", source);
    const { executionId: id, result } = await execute(instance, "catches", target.url);
    expect(result).toHaveLength(9);
    const names = result.map(({ name }: { name: string }) => name).join(" ");
    expect(names).toBe(
      "TypeError TypeError RangeError Error RangeError TimeoutError Error TimeoutError TypeError",
    );
    expect(notesOf(id)).toEqual(
      result.map((_: unknown, count: number) => [`caught ${count + 1}`, result.slice(0, count + 1)]),
    );
  });

  // Sleeps were kept by name and duration, so a duration that was computed lost its sleep.
  // https://github.com/cloudflare/workers-sdk/issues/12884
  test("Cloudflare: sleeps with computed, repeated or unusual durations", async () => {
    const source = `${note} export async function run(ctx, url) {
        const { pauseMs, pauses, none } = await (await fetch(url + "/pauses")).json();
        const until = Date.now() + pauseMs;
        const slept = [];
        const sleep = async (duration) => {
          const before = Date.now();
          const refused = await ctx.sleep(duration).catch(({ name }) => name);
          slept.push(refused ?? Date.now() - before);
          await note(ctx, url, "slept " + slept.length, slept);
        };
        for (const duration of [...pauses, 7, 7, "7ms", 0, -0, 0.2, 1.5, 1e-9, "0s", "PT0.0005S"]) await sleep(duration);
        for (let round = 0; round < 4; round += 1) await sleep(Math.floor(Math.random() * 9) + (Date.now() % 5));
        await sleep(Math.max(0, until - Date.now()));
        for (const duration of [NaN, -1, Infinity, 1e300, "367d", "soon", "", none, null, undefined, 5n, [5]])
          await sleep(duration);
        return slept;
      }`;
    await deploy(instance, "sleeps-unusually", source);
    const { executionId: id, result: slept } = await execute(instance, "sleeps-unusually", target.url);
    expect(slept.slice(0, 13)).toEqual([20, 15, 10, 7, 7, 7, 0, 0, 1, 2, 1, 0, 1]);
    expect(slept.slice(13, 18).every((ms: number) => Number.isInteger(ms) && ms >= 0)).toBe(true);
    const names = ["TypeError", "RangeError", "RangeError", "RangeError", "RangeError"];
    expect(slept.slice(18)).toEqual([...names, ...Array.from({ length: 7 }, () => "TypeError")]);
    expect(notesOf(id)).toEqual(
      slept.map((_: unknown, count: number) => [`slept ${count + 1}`, slept.slice(0, count + 1)]),
    );
  });

  // The wait that had timed out took the event. https://github.com/cloudflare/workers-sdk/issues/11740
  test("Cloudflare: an event is delivered to a pending wait, and not to waits that timed out", async () => {
    const source = `${note} export async function run(ctx, url) {
        const got = [];
        for (let round = 0; got.length < 2; round += 1) {
          const event = await ctx.waitForEvent("late", { timeout: round === 3 || got.length > 0 ? "1h" : 15 }).catch(() => null);
          await note(ctx, url, "round " + round, event);
          if (event !== null) got.push(event);
        }
        return got;
      }`;
    await deploy(instance, "waits-again", source);
    const id = await startExecution(instance, "waits-again", target.url);
    await untilNoted(id, "round 2");
    await send(id, "late", "one");
    await send(id, "late", "two");
    expect((await untilEnded(instance, id)).result).toEqual(["one", "two"]);
    const rounds = [null, null, null, "one", "two"].map((event, round) => [`round ${round}`, event]);
    expect(notesOf(id)).toEqual(rounds);
  });

  // Long-lived agents were moved to a new version and trapped for good. https://github.com/golemcloud/golem/issues/3773
  test("Golem: a long-running execution keeps its version across deploys and restarts", async () => {
    const { version: first } = await deploy(instance, "agent", agentSource(1));
    const old = await startExecution(instance, "agent", target.url);
    const tasks = ["a", "b", "c", "end"];
    for (const [round, task] of tasks.entries()) {
      await send(old, "task", task);
      await untilNoted(old, `1 ${round + 1}`);
      await until(instance, old, ({ steps }) => steps.filter(isFetchThatEnded).length > round);
      await deploy(instance, "agent", agentSource(round + 2));
      if (round % 2 === 1) continue;
      await instance.kill();
      await instance.start();
    }
    expect(await untilEnded(instance, old)).toMatchObject({ version: first, result: [1, first, tasks] });
    expect(notesOf(old).map(([what]) => what)).toEqual(["1 1", "1 2", "1 3", "1 4"]);
    await instance.request("POST", "/workflows/agent/activate", { body: { version: first + 1 } });
    const young = await startExecution(instance, "agent", target.url);
    await send(young, "task", "end");
    expect((await untilEnded(instance, young)).result).toEqual([2, first + 1, ["end"]]);
  });

  // What a retry ran was the workflow as it was by then, or as it was not. https://github.com/n8n-io/n8n/issues/12957
  // https://github.com/OpenFn/lightning/issues/5173
  test("n8n, OpenFn: a retry runs the failed version, and another one only on request", async () => {
    status = 503;
    const { version: first } = await deploy(instance, "long-order", orderSource("one"));
    const failed = await execute(instance, "long-order", target.url);
    expect(failed).toMatchObject({ status: "failed", failure: { message: "one was not charged" } });
    const { version: second } = await deploy(instance, "long-order", orderSource("two"));
    status = 200;
    const retry = async (body: unknown): Promise<ApiAnswer["body"]> => {
      const answer = await instance.request("POST", `/executions/${failed.executionId}/retry`, { body });
      return await untilEnded(instance, answer.body.executionId);
    };
    const one = { version: first, result: ["one", first] };
    expect(await retry({ from: "failed-step" })).toMatchObject(one);
    expect(await retry({ from: "start" })).toMatchObject(one);
    const two = { version: second, result: ["two", second] };
    expect(await retry({ from: "start", version: "current" })).toMatchObject(two);
  });
});

/** `note(ctx, url, what, knowledge)`: an effect by which a workflow says where it is and what it knows. */
const note = `const note = async (ctx, url, what, knowledge) =>
  await fetch(url + "/note?" + ctx.executionId, { method: "POST", body: JSON.stringify([what, knowledge]) });`;

function agentSource(version: number): string {
  return `${note} export async function run(ctx, url) {
    const seen = [];
    ${version % 2 === 0 ? "await ctx.state.get('added later'); await ctx.sleep(1);" : ""}
    while (seen.at(-1) !== "end") {
      seen.push(await ctx.waitForEvent("task"));
      await note(ctx, url, "${version} " + seen.length, [...seen, ctx.version]);
      ${version > 2 ? "await ctx.call('is-not-there');" : "await ctx.sleep(2);"}
    }
    return [${version}, ctx.version, seen];
  }`;
}

function orderSource(name: string): string {
  return `${note} export async function run(ctx, url) {
    await note(ctx, url, "${name}", ctx.version);
    const { ok } = await fetch(url + "/charge", { method: "POST" });
    if (!ok) throw new Error("${name} was not charged");
    return ["${name}", ctx.version];
  }`;
}

interface Step {
  readonly operation: string;
  readonly outcome: string;
}

function isSleep({ operation }: Step): boolean {
  return operation === "sleep";
}

function isSleepThatEnded(step: Step): boolean {
  return isSleep(step) && step.outcome === "succeeded";
}

function isFetchThatEnded({ operation, outcome }: Step): boolean {
  return operation === "fetch" && outcome === "succeeded";
}
