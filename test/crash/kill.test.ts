import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import { executionIds } from "../support/introspection.ts";
import { killRestate } from "../support/kill-restate.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

describe("after kill -9 of the whole process", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await sharedInstance();
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  /** All in flight at the same kill, because each start takes seconds. */
  describe("executions in flight", () => {
    const ids: Record<InFlight, string[]> = { sleeper: [], fetcher: [], "one-at-a-time": [], retrier: [] };
    let targets: Readonly<Record<InFlight, HoldingTarget>>;
    beforeAll(async () => {
      targets = {
        sleeper: await startHoldingTarget(),
        fetcher: await startHoldingTarget(),
        "one-at-a-time": await startHoldingTarget(),
        retrier: await startHoldingTarget(),
      };
      for (const [name, source] of Object.entries(sourcesInFlight)) await deploy(instance, name, source);
      const rate = { "127.0.0.1": { limit: 50, period: "1s", concurrency: 1 } };
      await instance.request("PUT", "/workflows/one-at-a-time/settings", { body: { egress: { rate } } });
      for (const name of ["sleeper", "fetcher", "one-at-a-time", "one-at-a-time", "one-at-a-time"] as const)
        ids[name].push(await startExecution(instance, name, targets[name].url));
      await until(instance, ids.sleeper[0] ?? "", ({ steps }) =>
        steps.some(({ name }: { name: string }) => name === "sleep"),
      );
      await targets.fetcher.arrived("GET /held");
      await targets["one-at-a-time"].arrived("GET /held");
      for (const id of ids["one-at-a-time"])
        await until(instance, id, ({ waitingFor }) => waitingFor.length > 0);
      ids.retrier.push(await startExecution(instance, "retrier", targets.retrier.url));
      await targets.retrier.arrived("GET /away");
      await instance.kill();
      targets.fetcher.release();
      await instance.start();
    });
    afterAll(async () => {
      for (const target of Object.values(targets)) await target[Symbol.asyncDispose]();
    });

    test("a sleeping execution wakes on time and continues", async () => {
      const { status, result } = await untilEnded(instance, ids.sleeper[0] ?? "");
      const { sleeper } = targets;
      expect(status).toBe("completed");
      expect(result.texts).toEqual(["before", "after"]);
      expect(sleeper.seen[0]?.path).toBe(`/before?${result.random}`);
      expect([sleeper.count("GET /before"), sleeper.count("GET /after")]).toEqual([1, 1]);
    });

    test("a fetch in flight is sent again, and ended fetches are not", async () => {
      expect(await untilEnded(instance, ids.fetcher[0] ?? "")).toMatchObject({ status: "completed" });
      const counts = ["before", "held", "after"].map((path) => targets.fetcher.count(`GET /${path}`));
      expect(counts).toEqual([1, 2, 1]);
    });

    test("a fetch keeps the slot of its host when it is sent again, and those that wait for it follow", async () => {
      const target = targets["one-at-a-time"];
      await target.arrived("GET /held", 2);
      const details = await Promise.all(
        ids["one-at-a-time"].map(async (id) => await instance.request("GET", `/executions/${id}`)),
      );
      const waiting = details.filter(({ body }) => body.waitingFor[0]?.endsWith("1 at a time"));
      expect([waiting.length, target.count("GET /held")]).toEqual([2, 2]);
      target.release();
      for (const id of ids["one-at-a-time"])
        expect(await untilEnded(instance, id)).toMatchObject({ result: "held" });
      expect(target.count("GET /held")).toBe(4);
    });

    test("a fetch that waited for its next attempt starts again and completes", async () => {
      const { status, steps } = await untilEnded(instance, ids.retrier[0] ?? "");
      expect(status).toBe("completed");
      // One before the kill; after it an attempt and its retry, as if nothing had been.
      expect(targets.retrier.count("GET /away")).toBe(3);
      expect(steps[1]).toMatchObject({ outcome: "succeeded", attempts: 2 });
      expect(targets.retrier.count("GET /before")).toBe(1);
    });
  });

  test("a schedule that becomes due while the process or Restate is down runs each instant once", async () => {
    await using target = await startHoldingTarget();
    await deploy(
      instance,
      "due",
      `export const run = async (ctx, url) => await (await fetch(url + "/before?at=" + ctx.schedule.scheduledAt)).json();`,
    );
    const definition = {
      workflowId: "due",
      payload: target.url,
      spec: { every: "PT1S" },
      overlap: "allow",
    };
    await instance.request("PUT", "/schedules/due", { body: definition });
    await target.arrived("GET /before", 1);
    await instance.kill();
    // Two instants become due.
    await delay(2_000);
    await instance.start();
    await target.arrived("GET /before", 5);
    const restarts = () => instance.output().split("Restate is running again").length;
    const before = restarts();
    killRestate(instance);
    while (restarts() === before) await delay(50);
    const arrived = target.count("GET /before");
    await target.arrived("GET /before", arrived + 3);
    const { body } = await instance.request("POST", "/schedules/due/pause", { body: {} });
    expect(body.info).toMatchObject({ skipped: 0, missed: 0 });
    for (const { executionId } of body.info.recent) await untilEnded(instance, executionId);
    const instants = [...new Set(target.seen.map(({ path }) => Date.parse(path.split("=")[1] ?? "")))];
    instants.sort((one, other) => one - other);
    expect(instants).toHaveLength(body.info.started);
    expect((instants.at(-1) ?? 0) - (instants[0] ?? 0)).toBe(1_000 * (instants.length - 1));
    const executions = await executionIds(instance, "target_service_key = 'due'");
    expect(executions).toHaveLength(instants.length);
  });

  test("a deploy continues at any stage, and is never partially visible", async () => {
    await deploy(instance, "deployed", constant(0));
    for (const [round, afterMs] of [0, 5, 15, 40].entries()) {
      void instance
        .request("POST", "/workflows/deployed/deploy", { body: { source: constant(round + 1) } })
        .catch(() => undefined);
      await delay(afterMs);
      await instance.kill();
      await instance.start();
      await untilNoDeployRuns(instance);
      const { body: versions } = await instance.request("GET", "/workflows/deployed/versions");
      const { body: workflow } = await instance.request("GET", "/workflows/deployed");
      const numbers = versions.items.map(({ version }: { version: number }) => version);
      expect(numbers).toEqual(numbers.map((_: number, index: number) => numbers.length - index));
      expect(workflow.currentVersion).toBe(numbers[0]);
      expect(await execute(instance, "deployed")).toMatchObject({ status: "completed", version: numbers[0] });
    }
  });

  test("hundreds of executions in flight complete, and each completed fetch was sent once", async () => {
    await using target = await startHoldingTarget();
    await deploy(
      instance,
      "many",
      `export async function run(ctx, { url, id }) {
        for (const step of ["a", "b", "c"]) {
          await fetch(url + "/before?" + id + step);
          await ctx.sleep(50);
        }
        return id;
      }`,
    );
    const ids = Array.from({ length: 100 }, (_, index) => `x${index}-`);
    const begun = await Promise.all(
      ids.map(async (id) => await startExecution(instance, "many", { url: target.url, id })),
    );
    await target.arrived("GET /before", 120);
    await instance.kill();
    await instance.start();
    const ended = await Promise.all(begun.map(async (id) => await untilEnded(instance, id)));
    expect(ended.map(({ result }) => result)).toEqual(ids);
    const finished = ended.flatMap(({ steps }) => steps).filter(({ operation }) => operation === "fetch");
    expect(finished).toHaveLength(300);
    // Only what was in flight at the moment of the kill may have been sent twice.
    const repeated = target.count("GET /before") - 300;
    expect(repeated).toBeGreaterThanOrEqual(0);
    expect(repeated).toBeLessThanOrEqual(100);
    expect(new Set(target.seen.map(({ path }) => path)).size).toBe(300);
  });
});

interface HoldingTarget extends Target {
  /** Answers all requests for `/held`, those that are to come included. */
  release(): void;
}

async function startHoldingTarget(): Promise<HoldingTarget> {
  const released = Promise.withResolvers<void>();
  const target = await startTarget({
    "GET /before": () => "before",
    "GET /held": async () => await released.promise.then(() => "held"),
    "GET /after": () => "after",
    "GET /away": (_request, response) => void response.writeHead(503).end(),
  });
  return Object.assign(target, { release: released.resolve });
}

/** A workflow that fetches, does `middle`, and fetches again. */
function around(middle: string): string {
  return `export async function run(ctx, url) {
    const random = Math.random();
    const texts = [await (await fetch(url + "/before?" + random)).json()];
    ${middle};
    texts.push(await (await fetch(url + "/after")).json());
    return { texts, random };
  }`;
}

const sourcesInFlight = {
  sleeper: around("await ctx.sleep(4000)"),
  fetcher: around('await fetch(url + "/held")'),
  "one-at-a-time": 'export const run = async (_ctx, url) => await (await fetch(url + "/held")).json();',
  // Its next attempt follows after three seconds.
  retrier: around('await fetch(url + "/away", { retry: { limit: 1, delay: 3000 } })'),
};

type InFlight = keyof typeof sourcesInFlight;

function constant(value: number): string {
  return `export async function run() { return ${value}; }`;
}

async function untilNoDeployRuns(instance: Instance): Promise<void> {
  for (;;) {
    const response = await fetch(`${instance.restateAdminUrl}/query`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        query: "SELECT id FROM sys_invocation WHERE target_handler_name = 'deploy' AND status <> 'completed'",
      }),
    });
    const { rows } = (await response.json()) as { rows: unknown[] };
    if (rows.length === 0) return;
    await delay(100);
  }
}
