import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
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
  const held: (() => void)[] = [];

  beforeAll(async () => {
    instance = await startInstance();
    target = await startTarget({
      "GET /": async () => {
        arrivals.push(performance.now());
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        await delay(30);
        inFlight -= 1;
        return null;
      },
      "GET /held": async () => await new Promise<void>((resolve) => held.push(resolve)),
      "GET /busy": (_request, response) => {
        arrivals.push(performance.now());
        if (arrivals.length === 1) response.writeHead(429, { "retry-after": "1" });
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

  test("spaces the requests of all executions of all workflows that name it", async () => {
    await given(["rated-a", "rated-b"], { limit: 10, period: "1s" });
    const payload = { url: `${target.url}/`, count: 2 };
    const ids = await Promise.all(
      ["rated-a", "rated-b", "rated-a", "rated-b"].map(
        async (name) => await startExecution(instance, name, payload),
      ),
    );
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: [200, 200] });
    expect(arrivals).toHaveLength(8);
    // Eight tokens are at least 700 ms apart. What delays one request lets the next one follow sooner.
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(600);
  });

  test("limits the requests in flight, of one execution and of several", async () => {
    await given(["at-a-time"], { concurrency: 2 });
    const payload = { url: `${target.url}/`, count: 4, atOnce: true };
    const ids = [
      await startExecution(instance, "at-a-time", payload),
      await startExecution(instance, "at-a-time", payload),
    ];
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ result: [200, 200, 200, 200] });
    expect(arrivals).toHaveLength(8);
    expect(mostInFlight).toBeLessThanOrEqual(2);
    // An attempt that is replayed at every await may learn of its second slot only when the first request has ended.
    if (!isReplayed) expect(mostInFlight).toBe(2);
  });

  test("counts redirects as requests", async () => {
    await given(["redirected"], { limit: 2, period: "3s" });
    expect(await execute(instance, "redirected", { url: `${target.url}/elsewhere` })).toMatchObject({
      result: [200],
    });
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(400);
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
