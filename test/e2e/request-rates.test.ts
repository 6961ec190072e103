import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Makes `count` requests, sequentially or all at once. */
const requesting = `
export async function run(_ctx, { url, count = 1, atOnce = false }) {
  const request = async (n) => (await fetch(url + "?" + n)).status;
  if (atOnce) return await Promise.all(Array.from({ length: count }, (_, n) => request(n)));
  const statuses = [];
  for (let n = 0; n < count; n += 1) statuses.push(await request(n));
  return statuses;
}
`;

/** Limits of hosts, measured at a target. */
describe("the rate of a host", () => {
  let instance: Instance;
  let target: Target;
  /** When requests arrived, in milliseconds. */
  let arrivals: number[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  /** Each request is held until then. */
  let mayEnd: Promise<void> | undefined;
  let onSecondInFlight: (() => void) | undefined;
  const held: (() => void)[] = [];

  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "GET /": async () => {
        arrivals.push(performance.now());
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        if (inFlight === 2) onSecondInFlight?.();
        await delay(30);
        await mayEnd;
        inFlight -= 1;
        return null;
      },
      "GET /held": async () => await new Promise<void>((resolve) => held.push(resolve)),
      "GET /busy": (_request, response) => {
        arrivals.push(performance.now());
        if (arrivals.length === 1) response.writeHead(429, { "retry-after": "1" });
        response.end();
      },
      "GET /busy-later": async (_request, response) => {
        arrivals.push(performance.now());
        const isFirst = arrivals.length === 1;
        await new Promise<void>((resolve) => (arrivals.length > 2 ? resolve() : held.push(resolve)));
        if (isFirst) response.writeHead(429, { "retry-after": "2" });
        response.end();
      },
      "GET /flaky": (_request, response) => {
        arrivals.push(performance.now());
        if (arrivals.length < 3) response.statusCode = 500;
        response.end();
      },
      "GET /elsewhere": (_request, response) => {
        arrivals.push(performance.now());
        response.writeHead(302, { location: "/" }).end();
      },
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  async function given(names: readonly string[], rate: object): Promise<void> {
    arrivals = [];
    mostInFlight = 0;
    for (const name of names) {
      await deploy(instance, name, requesting);
      const settings = { egress: { rate: { "127.0.0.1": rate } } };
      const { status, body } = await instance.request("PUT", `/workflows/${name}/settings`, {
        body: settings,
      });
      expect([status, body]).toEqual([200, settings]);
    }
  }

  async function untilQueue(isReached: (queue: ApiAnswer["body"]) => boolean): Promise<void> {
    while (!isReached((await instance.request("GET", "/queues/host:127.0.0.1")).body)) await delay(20);
  }

  test("spaces the requests of all executions of all workflows that name it", async () => {
    await given(["rated-a", "rated-b"], { limit: 10, period: "1s" });
    const payload = { url: `${target.url}/`, count: 2 };
    const begun = performance.now();
    const ids = await Promise.all(
      ["rated-a", "rated-b", "rated-a", "rated-b"].map(
        async (name) => await startExecution(instance, name, payload),
      ),
    );
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: [200, 200] });
    expect(arrivals).toHaveLength(8);
    // The last of eight tokens follows 700 ms after the first one, whose request may arrive later than it was sent.
    expect((arrivals.at(-1) ?? 0) - begun).toBeGreaterThan(690);
  });

  test("limits the requests in flight, of one execution and of several", async () => {
    await given(["at-a-time"], { concurrency: 2 });
    // An attempt that is replayed at every await may learn of its second slot only when the first request has ended.
    if (!isReplayed) mayEnd = new Promise((resolve) => (onSecondInFlight = resolve));
    const payload = { url: `${target.url}/`, count: 4, atOnce: true };
    const ids = [
      await startExecution(instance, "at-a-time", payload),
      await startExecution(instance, "at-a-time", payload),
    ];
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ result: [200, 200, 200, 200] });
    expect(arrivals).toHaveLength(8);
    mayEnd = undefined;
    if (isReplayed) expect(mostInFlight).toBeLessThanOrEqual(2);
    else expect(mostInFlight).toBe(2);
  });

  test("counts redirects as requests", async () => {
    await given(["redirected"], { limit: 2, period: "3s" });
    const begun = performance.now();
    expect(await execute(instance, "redirected", { url: `${target.url}/elsewhere` })).toMatchObject({
      result: [200],
    });
    expect((arrivals[1] ?? 0) - begun).toBeGreaterThan(1_400);
  });

  test("waits for all when the target asks one to retry later", async () => {
    await given(["busy"], { concurrency: 1 });
    const payload = { url: `${target.url}/busy`, count: 1 };
    const ids = [
      await startExecution(instance, "busy", payload),
      await startExecution(instance, "busy", payload),
    ];
    const ended = await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    expect(ended.map(({ result }) => result[0]).toSorted((a, b) => a - b)).toEqual([200, 429]);
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(900);
  });

  test("is held for all who wait when the target asks for it, and visible meanwhile", async () => {
    await given(["rated-held"], { limit: 1_000, period: "1s", concurrency: 2 });
    const payload = { url: `${target.url}/busy-later`, count: 1 };
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => await startExecution(instance, "rated-held", payload)),
    );
    await untilQueue(({ running, queued }) => running === 2 && queued === 4);
    await target.arrived("GET /busy-later", 2);
    const answered = performance.now();
    held.splice(0).forEach((answer) => answer());
    await untilQueue(({ heldUntil }) => heldUntil !== undefined);
    await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    // Two were in flight when the target asked to wait; the other four followed afterwards.
    expect(arrivals.filter((at) => at > answered + 1_900)).toHaveLength(4);
    expect(arrivals).toHaveLength(6);
  });

  test("holds while Restate is killed between the attempts of a fetch", async () => {
    await given(["rated-killed"], { limit: 1, period: "2s" });
    await deploy(
      instance,
      "rated-killed",
      `export async function run(_ctx, { url }) {
        return (await fetch(url, { retry: { limit: 5, delay: 100, statusCodes: [500] } })).status;
      }`,
    );
    const id = await startExecution(instance, "rated-killed", { url: `${target.url}/flaky` });
    await target.arrived("GET /flaky");
    const pid = Number.parseInt(await readFile(join(instance.dataDir, "restate", "restate.pid"), "utf8"), 10);
    process.kill(-pid, "SIGKILL");
    expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: 200 });
    const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(1_000);
  });

  test("is what an execution waits for, and a cancelled one gives its slot to the next", async () => {
    await given(["waiting"], { limit: 1_000, period: "1s", concurrency: 1 });
    const request = { url: `${target.url}/held` };
    const first = await startExecution(instance, "waiting", request);
    await target.arrived("GET /held");
    const second = await startExecution(instance, "waiting", request);
    const waits = "127.0.0.1: 1000 per second, 1 at a time";
    const { steps } = await until(instance, second, ({ waitingFor }) => waitingFor?.includes(waits));
    expect(steps).toMatchObject([{ operation: "fetch", outcome: "pending", waitsForHost: waits }]);
    const third = await startExecution(instance, "waiting", request);
    await instance.request("POST", `/executions/${second}/cancel`);
    expect(await untilEnded(instance, second)).toMatchObject({ status: "cancelled" });
    expect(target.count("GET /held")).toBe(1);
    await instance.request("POST", `/executions/${first}/cancel`);
    await target.arrived("GET /held", 2);
    held.splice(0).forEach((release) => release());
    expect(await untilEnded(instance, third)).toMatchObject({ result: [200] });
    expect(await execute(instance, "waiting", { url: `${target.url}/` })).toMatchObject({ result: [200] });
  });
});
