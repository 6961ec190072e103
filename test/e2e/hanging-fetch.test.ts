import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Longer than an idle attempt stays connected to Restate, and much shorter than a fetch may take. */
const waitMs = 6_500;
const fetchTimeoutMs = 60_000;

/** What reaches an execution while a server does not answer one of its fetches. */
describe("during a pending fetch", { concurrent: true, timeout: 5 * fetchTimeoutMs }, () => {
  let instance: Instance;
  let target: Target;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "GET /hang": () => handled,
      "GET /slow": async () => {
        await delay(waitMs);
        return "slow";
      },
    });
    await deploy(instance, "beside", besideSource);
    await deploy(
      instance,
      "growing-child",
      `export const run = (ctx) => ctx.sleep(${waitMs}).then(() => "grown")`,
    );
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  const start = async (what: string): Promise<string> => {
    const id = await startExecution(instance, "beside", { url: target.url, what, waitMs });
    while (requestsOf(id, "/hang") === 0) await delay(10);
    return id;
  };
  const requestsOf = (id: string, path: string): number =>
    target.seen.filter((request) => request.path === `${path}?${id}`).length;
  /** The detail of an execution that ended before its fetch would have, and sent that once. */
  const endsSoon = async (id: string): Promise<ApiAnswer["body"]> => {
    const begun = performance.now();
    const detail = await untilEnded(instance, id);
    expect(performance.now() - begun).toBeLessThan(fetchTimeoutMs / 2);
    expect(requestsOf(id, "/hang")).toBe(1);
    return detail;
  };

  test("AbortSignal.timeout ends the fetch, which is journaled once", async () => {
    const { result, steps } = await endsSoon(await start("timeout"));
    expect(result).toEqual({ first: "TimeoutError", durationMs: waitMs });
    const names = steps.map(({ name }: { name: string }) => name);
    expect(names.toSorted()).toEqual([`fetch GET ${target.url}/hang?…`, "timer"]);
  });

  test.for([
    ["a sleep", "sleep", "slept"],
    ["a setTimeout", "timer", "rang"],
    ["another fetch", "slow", "slow"],
    ["a child", "child", "grown"],
  ] as const)("%s ends on time", async ([, what, first]) => {
    const { result } = await endsSoon(await start(what));
    expect(result).toMatchObject({ first });
    expect(result.durationMs).toBeLessThan(fetchTimeoutMs / 2);
  });

  test("a later event is delivered", async () => {
    const id = await start("event");
    await delay(waitMs);
    const posted = await instance.request("POST", `/executions/${id}/events/go`, { body: "went" });
    expect(posted.status).toBe(202);
    expect(await endsSoon(id)).toMatchObject({ result: { first: "went" } });
  });

  test("a cancellation is delivered, and the workflow cleans up", async () => {
    const id = await start("nothing");
    await delay(waitMs);
    await instance.request("POST", `/executions/${id}/cancel`);
    expect(await endsSoon(id)).toMatchObject({ status: "cancelled" });
    expect(requestsOf(id, "/clean")).toBe(1);
  });

  test("a late response is the result of the fetch", async () => {
    const { result } = await untilEnded(
      instance,
      await startExecution(instance, "beside", { url: target.url, what: "none", waitMs }),
    );
    expect(result).toMatchObject({ first: "slow" });
    expect(target.seen.filter(({ path }) => path === "/slow?alone")).toHaveLength(1);
  });
});

const besideSource = `
export async function run(ctx, { url, what, waitMs }) {
  const begun = Date.now();
  const get = async (path) => await (await fetch(url + path)).json();
  if (what === "none") return { first: await get("/slow?alone") };
  const hanging = new AbortController();
  const signal = what === "timeout" ? AbortSignal.timeout(waitMs) : hanging.signal;
  const others = {
    timeout: () => new Promise(() => {}),
    nothing: () => new Promise(() => {}),
    sleep: () => ctx.sleep(waitMs).then(() => "slept"),
    timer: () => new Promise((resolve) => setTimeout(resolve, waitMs, "rang")),
    slow: () => get("/slow"),
    event: () => ctx.waitForEvent("go"),
    child: () => ctx.call("growing-child"),
  };
  try {
    const hang = fetch(url + "/hang?" + ctx.executionId, { signal }).catch((error) => {
      if (error.name !== "TimeoutError") throw error;
      return error.name;
    });
    const first = await Promise.race([hang, others[what]()]);
    return { first, durationMs: Date.now() - begun };
  } finally {
    hanging.abort();
    if (what === "nothing") await fetch(url + "/clean?" + ctx.executionId);
  }
}`;
