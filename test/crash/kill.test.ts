import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

describe("after kill -9 of the whole process", () => {
  let instance: Instance;
  let target: Target;
  let hold: Promise<void>;
  let release: () => void;
  beforeAll(async () => {
    instance = await startInstance();
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    hold = new Promise((resolve) => (release = resolve));
    target = await startTarget({
      "GET /before": () => "before",
      "GET /held": async () => {
        await hold;
        return "held";
      },
      "GET /after": () => "after",
      "GET /away": (_request, response) => void response.writeHead(503).end(),
    });
  });
  afterEach(async () => {
    release();
    await target[Symbol.asyncDispose]();
  });

  test("a sleeping execution wakes on time and continues", async () => {
    await deploy(instance, "sleeper", around("await ctx.sleep(4000)"));
    const id = await startExecution(instance, "sleeper", target.url);
    await until(instance, id, ({ steps }) => steps.some(({ name }: { name: string }) => name === "sleep"));
    await instance.kill();
    await instance.start();
    const { status, result } = await untilEnded(instance, id);
    expect(status).toBe("completed");
    expect(result.texts).toEqual(["before", "after"]);
    expect(target.seen[0]?.path).toBe(`/before?${result.random}`);
    expect([target.count("GET /before"), target.count("GET /after")]).toEqual([1, 1]);
  });

  test("a fetch in flight is sent again, and ended fetches are not", async () => {
    await deploy(instance, "fetcher", around('await fetch(url + "/held")'));
    const id = await startExecution(instance, "fetcher", target.url);
    await target.arrived("GET /held");
    await instance.kill();
    release();
    await instance.start();
    expect(await untilEnded(instance, id)).toMatchObject({ status: "completed" });
    expect(target.count("GET /before")).toBe(1);
    expect(target.count("GET /held")).toBe(2);
    expect(target.count("GET /after")).toBe(1);
  });

  test("a fetch keeps the slot of its host when it is sent again, and those that wait for it follow", async () => {
    await deploy(
      instance,
      "one-at-a-time",
      'export const run = async (_ctx, url) => await (await fetch(url + "/held")).json();',
    );
    const rate = { "127.0.0.1": { limit: 50, period: "1s", concurrency: 1 } };
    await instance.request("PUT", "/workflows/one-at-a-time/settings", { body: { egress: { rate } } });
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await startExecution(instance, "one-at-a-time", target.url));
    await target.arrived("GET /held");
    for (const id of ids) {
      await until(instance, id, ({ waitingFor }) => waitingFor.length > 0);
    }
    await instance.kill();
    await instance.start();
    await target.arrived("GET /held", 2);
    const details = await Promise.all(
      ids.map(async (id) => await instance.request("GET", `/executions/${id}`)),
    );
    const waiting = details.filter(({ body }) => body.waitingFor[0]?.endsWith("1 at a time"));
    expect([waiting.length, target.count("GET /held")]).toEqual([2, 2]);
    release();
    for (const id of ids) expect(await untilEnded(instance, id)).toMatchObject({ result: "held" });
    expect(target.count("GET /held")).toBe(4);
  });

  test("a fetch that waited for its next attempt starts again and completes", async () => {
    await deploy(
      instance,
      "retrier",
      around('await fetch(url + "/away", { retry: { limit: 1, delay: 3000 } })'),
    );
    const id = await startExecution(instance, "retrier", target.url);
    await target.arrived("GET /away");
    await instance.kill();
    await instance.start();
    const { status, steps } = await untilEnded(instance, id);
    expect(status).toBe("completed");
    // One before the kill; after it an attempt and its retry, as if nothing had been.
    expect(target.count("GET /away")).toBe(3);
    expect(steps[1]).toMatchObject({ outcome: "succeeded", attempts: 2 });
    expect(target.count("GET /before")).toBe(1);
  });

  test("a deploy continues at any stage, and is never partially visible", async () => {
    await deploy(instance, "deployed", constant(0));
    for (const [round, afterMs] of [0, 3, 8, 15, 30, 60].entries()) {
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
