import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Guarantees of an execution, however often its journal is replayed. */
describe("an execution", () => {
  let instance: Instance;
  let target: Target;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "GET /one": () => 1,
      "GET /two": () => 2,
      "GET /slow": async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return "slow";
      },
      // Answered only after what follows the race that its competitor is to win.
      "GET /slower": async () => {
        await target.arrived("GET /two", target.count("GET /two") + 1);
        return "slower";
      },
      "POST /drawn": () => null,
      "GET /flaky": (_request, response) => {
        response.statusCode = target.count("GET /flaky") < 3 ? 503 : 200;
        return "at last";
      },
      "GET /busy": (_request, response) => void response.writeHead(429, { "retry-after": "3600" }).end(),
      "POST /down": (_request, response) => void response.writeHead(503).end(),
      "GET /bytes": (_request, response) => response.end(Buffer.from([0, 255, 128, 10])),
      "GET /long-text": () => largeText,
      "GET /many-bytes": (_request, response) => response.end(manyBytes),
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test("its fetches have names in Restate's journal", async () => {
    await deploy(
      instance,
      "three-fetches",
      `export async function run(_ctx, url) {
          const results = [];
          for (const path of ["/one", "/two", "/one"]) results.push(await (await fetch(url + path)).json());
          return results;
        }`,
    );
    const execution = await execute(instance, "three-fetches", target.url);
    expect(execution.result).toEqual([1, 2, 1]);
    const names = ["/one", "/two", "/one"].map((path) => `fetch GET ${target.url}${path}`);
    expect(execution.steps.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(await journalNames(instance, execution.executionId)).toEqual(expect.arrayContaining(names));
  });

  test("random numbers and the clock are the same on every replay", async () => {
    await deploy(
      instance,
      "draws",
      `export async function run(ctx, url) {
          const drawn = [Math.random(), crypto.randomUUID(), Date.now(), new Date().toISOString(), performance.now()];
          await fetch(url + "/drawn", { method: "POST", body: JSON.stringify(drawn) });
          await ctx.sleep(20);
          const later = [Math.random(), crypto.randomUUID(), Date.now()];
          await fetch(url + "/drawn", { method: "POST", body: JSON.stringify(later) });
          await ctx.sleep(20);
          return [drawn, later];
        }`,
    );
    const before = target.count("POST /drawn");
    const first = await execute(instance, "draws", target.url);
    const sent = target.seen
      .filter(({ path }) => path === "/drawn")
      .map(({ body }) => JSON.parse(body) as unknown);
    expect(sent.slice(before)).toEqual(first.result);
    const second = await execute(instance, "draws", target.url);
    for (const [index, value] of first.result[0].slice(0, 4).entries()) {
      expect(second.result[0][index]).not.toEqual(value);
    }
  });

  test("the clock never goes back, and a sleep advances it", async () => {
    await deploy(
      instance,
      "clock",
      `export async function run(ctx) {
          const times = [Date.now()];
          await ctx.sleep(100);
          times.push(Date.now());
          await new Promise((resolve) => setTimeout(resolve, 50));
          times.push(Date.now());
          return times;
        }`,
    );
    const [start, slept, timed] = (await execute(instance, "clock")).result;
    expect(slept - start).toBeGreaterThanOrEqual(100);
    expect(timed - slept).toBeGreaterThanOrEqual(50);
  });

  test("operations run concurrently, and a race has the same winner on every replay", async () => {
    await deploy(
      instance,
      "concurrent",
      `export async function run(ctx, url) {
          const get = async (path) => (await fetch(url + path)).json();
          const all = await Promise.all([get("/one"), get("/two"), ctx.sleep(5)]);
          const race = await Promise.race([get("/slower"), ctx.sleep(50).then(() => "timer")]);
          const settled = await Promise.allSettled([get("/one"), Promise.reject(new Error("no"))]);
          const any = await Promise.any([Promise.reject(new Error("no")), get("/two")]);
          return { all, race, settled: settled.map(({ status }) => status), any };
        }`,
    );
    const { result } = await execute(instance, "concurrent", target.url);
    expect(result).toEqual({
      all: [1, 2, null],
      race: "timer",
      settled: ["fulfilled", "rejected"],
      any: 2,
    });
  });

  test("microtasks and zero timers run in the same order on every replay", async () => {
    await deploy(
      instance,
      "order-of-timers",
      `export async function run() {
          const order = [];
          setTimeout(() => order.push("timeout"), 0);
          queueMicrotask(() => order.push("microtask"));
          Promise.resolve().then(() => order.push("then"));
          order.push("sync");
          await new Promise((resolve) => setTimeout(resolve, 1));
          return order;
        }`,
    );
    expect((await execute(instance, "order-of-timers")).result).toEqual([
      "sync",
      "microtask",
      "then",
      "timeout",
    ]);
  });

  test("an abort, a refused address and a binary body behave as on the web platform", async () => {
    await deploy(
      instance,
      "platform",
      `export async function run(ctx, url) {
          const timeout = await fetch(url + "/slower", { signal: AbortSignal.timeout(30) }).catch((error) => error.name);
          const refused = await fetch("http://169.254.169.254/latest/meta-data").catch((error) => error);
          const bytes = await (await fetch(url + "/bytes")).bytes();
          return { timeout, refused: [refused.name, refused.code], bytes: Array.from(bytes) };
        }`,
    );
    const { result } = await execute(instance, "platform", target.url);
    expect(result).toMatchObject({
      timeout: "TimeoutError",
      refused: ["TypeError", "egress-refused"],
      bytes: [0, 255, 128, 10],
    });
  });

  test("large bodies are the same on every replay, although the journal compresses them", async () => {
    await deploy(
      instance,
      "large-bodies",
      `const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
        export async function run(ctx, url) {
          const text = await (await fetch(url + "/long-text")).text();
          const bytes = await (await fetch(url + "/many-bytes")).bytes();
          await ctx.sleep(50);
          return [text.length, await digest(new TextEncoder().encode(text)), await digest(bytes)];
        }`,
    );
    const { executionId, result } = await execute(instance, "large-bodies", target.url);
    // The target answers with JSON.
    const text = JSON.stringify(largeText);
    expect(result).toEqual([text.length, sha256(text), sha256(manyBytes)]);
    expect(await journalBytes(instance, executionId)).toBeLessThan(200_000);
  });

  test("a large payload is the same on every replay and in the API, although the journal compresses it", async () => {
    await deploy(
      instance,
      "large-payload",
      `export async function run(ctx, { orders }) {
          const before = orders.length;
          await ctx.sleep(50);
          return [before, orders.at(-1)];
        }`,
    );
    const orders = Array.from({ length: 100_000 }, (_, id) => ({ id, name: "Ω" }));
    const { executionId, result } = await execute(instance, "large-payload", { orders });
    expect(result).toEqual([100_000, { id: 99_999, name: "Ω" }]);
    expect(await journalBytes(instance, executionId)).toBeLessThan(1_000_000);
    const { body } = await instance.request("GET", `/executions/${executionId}`);
    expect(JSON.stringify(body.input) === JSON.stringify({ orders })).toBe(true);
  });

  test("a fetch with retries is one step with the number of attempts", async () => {
    await deploy(
      instance,
      "retries",
      `export async function run(ctx, url) {
          const retry = { limit: 3, delay: 5, jitter: true };
          const answered = await fetch(url + "/flaky", { retry });
          const asked = await fetch(url + "/busy", { retry });
          const once = await fetch(url + "/down", { method: "POST", retry });
          const slow = await fetch(url + "/slower", { timeout: 30 }).catch(({ name }) => name);
          await ctx.sleep(5);
          return [await answered.json(), asked.status, once.status, slow];
        }`,
    );
    const { result, steps } = await execute(instance, "retries", target.url);
    expect(result).toEqual(["at last", 429, 503, "TimeoutError"]);
    expect(steps.map(({ attempts }: { attempts?: number }) => attempts)).toEqual([
      3,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const sent = ["GET /flaky", "GET /busy", "POST /down"].map((request) => target.count(request));
    expect(sent).toEqual([3, 1, 1]);
  });

  test("a failure has the name, the message and the author's line of the thrown error", async () => {
    const source = [
      "interface Order { readonly total: number }",
      "",
      "function check(order: Order): number {",
      "  if (order.total < 0) throw new RangeError(`total is ${order.total}`);",
      "  return order.total;",
      "}",
      "",
      "export async function run(_ctx: unknown, order: Order) {",
      "  await Promise.resolve();",
      "  return check(order);",
      "}",
    ].join("\n");
    await deploy(instance, "throws-in-library", source);
    const { status, failure } = await execute(instance, "throws-in-library", { total: -3 });
    expect(status).toBe("failed");
    expect(failure).toMatchObject({ name: "RangeError", message: "total is -3", code: "workflow-failed" });
    expect(failure.stack).toContain("check (workflow.ts:4:");
    expect(failure.stack).toContain("run (workflow.ts:10:");
  });

  test("a result that is not JSON fails with the place of the value", async () => {
    await deploy(instance, "no-json", "export async function run() { return { items: [{ total: 3n }] }; }");
    const { status, failure } = await execute(instance, "no-json");
    expect(status).toBe("failed");
    expect(failure.message).toContain("items[0].total");
  });

  test("waiting for a promise that cannot settle fails as workflow-stalled", async () => {
    await deploy(instance, "stalls", "export async function run() { await new Promise(() => {}); }");
    expect((await execute(instance, "stalls")).failure).toMatchObject({ code: "workflow-stalled" });
  });

  test("it completes under the version with which it started", async () => {
    await deploy(instance, "pinned", versionedSource("one"));
    const id = await startExecution(instance, "pinned", target.url);
    await target.arrived("GET /slow");
    const second = await deploy(instance, "pinned", versionedSource("two"));
    expect(second.version).toBe(2);
    expect(await untilEnded(instance, id)).toMatchObject({ version: 1, result: ["one", 1] });
    expect(await execute(instance, "pinned", target.url)).toMatchObject({ version: 2, result: ["two", 2] });
    const retried = await instance.request("POST", `/executions/${id}/retry`, { body: { from: "start" } });
    expect(await untilEnded(instance, retried.body.executionId)).toMatchObject({ version: 1 });
    const moved = await instance.request("POST", `/executions/${id}/retry`, {
      body: { from: "start", version: "current" },
    });
    expect(await untilEnded(instance, moved.body.executionId)).toMatchObject({ version: 2 });
  });

  test("a cancelled execution ends as cancelled", async () => {
    await deploy(instance, "sleeper", "export async function run(ctx) { await ctx.sleep('1h'); }");
    const id = await startExecution(instance, "sleeper");
    const cancelled = await instance.request("POST", `/executions/${id}/cancel`);
    expect(cancelled.status).toBe(202);
    expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
  });

  test("no state is carried over to the next execution", async () => {
    await deploy(
      instance,
      "forgetful",
      "let runs = 0; export async function run() { globalThis.kept ??= 0; globalThis.kept++; return [++runs, globalThis.kept]; }",
    );
    for (let round = 0; round < 5; round++) {
      expect((await execute(instance, "forgetful")).result).toEqual([1, 1]);
    }
  });
});

function versionedSource(name: string): string {
  return `export async function run(ctx, url) {
    await fetch(url + "/slow");
    await ctx.sleep(300);
    return ["${name}", ctx.version];
  }`;
}

async function journalNames(instance: Instance, executionId: string): Promise<string[]> {
  const rows = await journalOf(instance, executionId);
  return rows.flatMap(({ name }) => (name === undefined || name === "" ? [] : [name]));
}

async function journalBytes(instance: Instance, executionId: string): Promise<number> {
  const rows = await journalOf(instance, executionId);
  return rows.reduce((sum, { raw_length: bytes = 0 }) => sum + bytes, 0);
}

async function journalOf(
  instance: Instance,
  executionId: string,
): Promise<readonly { readonly name?: string; readonly raw_length?: number }[]> {
  const response = await fetch(`${instance.restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      query: `SELECT name, raw_length FROM sys_journal WHERE id = '${executionId}' ORDER BY index`,
    }),
  });
  return ((await response.json()) as { rows: { name?: string; raw_length?: number }[] }).rows;
}

const largeText = "Zürich, 東京 \u0000 \u{1f600}\n".repeat(60_000);
const manyBytes = Buffer.from("00ff80c1fe".repeat(400_000), "hex");

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
