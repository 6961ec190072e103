import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

/** Two hours later for the process, and not for Restate, which says when executions ended. */
const twoHoursLater = [
  "--import",
  "data:text/javascript,const now = Date.now; Date.now = () => now() + 2 * 60 * 60 * 1000;",
];

const source = `export async function run(ctx, payload) {
  const { does, target } = payload ?? {};
  console.log("said");
  if (does === "wait") return await ctx.waitForEvent("go");
  if (does !== "fetch") return "done";
  const { url, promise } = ctx.createCallback();
  console.log(url);
  const { status } = await fetch(target);
  if (status !== 200) throw new Error("it answered " + status);
  return await promise;
}`;

describe("the retention of a workflow", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance({ DURANIUM_RETENTION_DAYS: "60" });
    for (const workflow of ["brief", "longer", "whole"]) await deploy(instance, workflow, source);
    expect((await keep("brief", 1)).status).toBe(200);
    expect((await keep("longer", 3)).status).toBe(200);
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  test("cannot exceed the operator's retention, which Restate applies", async () => {
    expect((await keep("whole", 60 * 24)).status).toBe(200);
    expect((await keep("whole", 60 * 24 + 1)).body).toMatchObject({
      status: 400,
      code: "invalid-request",
      detail: "Setting retentionHours cannot be 1441: this installation retains executions for 1440 hours",
    });
    const told = await fetch(`${instance.restateAdminUrl}/services/Workflow/handlers/execute`);
    expect(await told.json()).toMatchObject({ journal_retention: "60d", idempotency_retention: "60d" });
  });

  test("deletes only ended executions of that workflow that no running retry needs", async () => {
    let status = 503;
    await using target = await startTarget({
      "GET /": (_request, response) => {
        response.statusCode = status;
        return null;
      },
    });
    const old = (await execute(instance, "brief")).executionId;
    const keyed = await startWithKey();
    await post(`/executions/${keyed}/events/go`, "first");
    await untilEnded(instance, keyed);
    const running = await startExecution(instance, "brief", { does: "wait" });
    const failed = (await execute(instance, "brief", { does: "fetch", target: target.url })).executionId;
    const again = await retry(failed);
    await untilEnded(instance, again);
    status = 200;
    const retried = await retry(again);
    for (const id of [running, retried]) await until(instance, id, ({ waitingFor }) => waitingFor.length > 0);
    const kept = [await execute(instance, "longer"), await execute(instance, "whole")].map(idOf);

    await instance.stop();
    await instance.start({ execArgv: twoHoursLater });
    for (const id of [old, keyed]) {
      while ((await get(`/executions/${id}`)).status !== 404) await delay(50);
      while ((await get(`/executions/${id}/logs`)).status !== 404) await delay(50);
    }
    const left = (await get("/executions?workflow=brief")).body.items.map(idOf);
    expect(new Set(left)).toEqual(new Set([running, failed, again, retried]));
    for (const id of kept) {
      expect((await get(`/executions/${id}`)).body).toMatchObject({ status: "completed" });
      expect(await linesOf(id)).toEqual(["said"]);
    }
    expect(instance.output()).not.toContain("ERROR: retention");

    // What is begun with the key of one that was purged has the id of that one, and nothing else of it.
    expect(await startWithKey()).toBe(keyed);
    for (const id of [keyed, running]) await post(`/executions/${id}/events/go`, "gone");
    await post(new URL(String((await linesOf(failed))[1])).pathname, "called");
    for (const [id, result] of [
      [keyed, "gone"],
      [running, "gone"],
      [retried, "called"],
    ] as const) {
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result });
    }
    expect(await linesOf(keyed)).toEqual(["said"]);
  });

  const get = async (path: string) => await instance.request("GET", path);

  const post = async (path: string, body: unknown) => await instance.request("POST", path, { body });

  const keep = async (workflow: string, retentionHours: number) =>
    await instance.request("PUT", `/workflows/${workflow}/settings`, { body: { retentionHours } });

  const retry = async (id: string): Promise<string> =>
    (await post(`/executions/${id}/retry`, { from: "failed-step" })).body.executionId;

  async function startWithKey(): Promise<string> {
    const { body } = await instance.request("POST", "/workflows/brief/execute", {
      body: { does: "wait" },
      headers: { "idempotency-key": "order-4711" },
    });
    return body.executionId;
  }

  async function linesOf(id: string): Promise<readonly unknown[]> {
    const { items } = (await get(`/executions/${id}/logs`)).body;
    return items.map(({ arguments: [text] }: { arguments: unknown[] }) => text);
  }
});

function idOf({ executionId }: { readonly executionId: string }): string {
  return executionId;
}
