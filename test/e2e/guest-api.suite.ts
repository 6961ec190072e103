import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { begin, deploy, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** What a workflow can ask of Duranium through its `ctx`, however often its journal is replayed. */
export function describeGuestApi(how: string, environment: Record<string, string>): void {
  describe(`the guest API, ${how},`, () => {
    let instance: Instance;
    let target: Target;
    beforeAll(async () => {
      instance = await startInstance(environment);
      target = await startTarget({ "POST /note": () => null, "GET /never": () => new Promise(() => {}) });
    });
    afterAll(async () => {
      await target[Symbol.asyncDispose]();
      await instance[Symbol.asyncDispose]();
    });

    /** What workflows posted to `/note`, in order. */
    function notes(workflow: string): unknown[] {
      return target.seen
        .filter(({ path }) => path === `/note?${workflow}`)
        .map(({ body }) => JSON.parse(body) as unknown);
    }

    describe("cancelling", () => {
      test("rejects all that the workflow waits for, and lets it clean up", async () => {
        await deploy(
          instance,
          "cleans-up",
          `export async function run(ctx, url) {
            const begun = Date.now();
            const waits = [fetch(url + "/never"), ctx.sleep("1h")];
            const results = await Promise.allSettled(waits);
            try {
              throw results[0].reason;
            } finally {
              await ctx.sleep(20);
              const errors = results.map(({ reason }) => [reason.name, reason.code, reason instanceof Error]);
              const body = JSON.stringify({ errors, isLater: Date.now() > begun + 20 });
              await fetch(url + "/note?cleans-up", { method: "POST", body });
            }
          }`,
        );
        const id = await begin(instance, "cleans-up", target.url);
        await target.arrived("GET /never");
        await instance.request("POST", `/executions/${id}/cancel`);
        const { status, failure, steps } = await untilEnded(instance, id);
        expect(status).toBe("cancelled");
        expect(failure).toMatchObject({ name: "CancelledError", code: "cancelled" });
        const error = ["CancelledError", "cancelled", true];
        expect(notes("cleans-up")).toEqual([{ errors: [error, error], isLater: true }]);
        const names = steps.map(({ name }: { name: string }) => name);
        expect(names.slice(2)).toEqual([
          "cancelled",
          "sleep",
          "cancellation grace",
          expect.stringContaining("fetch POST"),
        ]);
      });

      test("ends a workflow that returns a result all the same, and lets no timer go off", async () => {
        await deploy(
          instance,
          "returns",
          `export async function run(ctx, url) {
            setTimeout(() => fetch(url + "/note?returns", { method: "POST", body: "1" }), 3_600_000);
            return await ctx.sleep("1h").catch((error) => error.name);
          }`,
        );
        const id = await begin(instance, "returns", target.url);
        await until(instance, id, ({ steps }) => steps.length === 2);
        await instance.request("POST", `/executions/${id}/cancel`);
        expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
        expect(notes("returns")).toEqual([]);
      });

      test("ends a workflow that loops for ever", async () => {
        await deploy(instance, "loops", "export async function run() { for (;;) {} }");
        const id = await begin(instance, "loops");
        await until(instance, id, ({ attempts, status }) => attempts > 0 && status !== "scheduled");
        await instance.request("POST", `/executions/${id}/cancel`);
        expect(await untilEnded(instance, id)).toMatchObject({
          status: "cancelled",
          failure: { name: "CancelledError", code: "cancelled" },
        });
      }, 90_000);

      test("wakes an execution that was paused, so that it can clean up", async () => {
        await deploy(
          instance,
          "paused",
          `export async function run(ctx, url) {
            try {
              await ctx.sleep("1h");
            } finally {
              await fetch(url + "/note?paused", { method: "POST", body: "1" });
            }
          }`,
        );
        const id = await begin(instance, "paused", target.url);
        await until(instance, id, ({ steps }) => steps.length === 1);
        await fetch(`${instance.restateAdminUrl}/invocations/${id}/pause`, { method: "PATCH" });
        await until(instance, id, ({ status }) => status === "paused");
        await instance.request("POST", `/executions/${id}/cancel`);
        expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
        expect(notes("paused")).toEqual([1]);
      });

      test("ends a workflow that never stops cleaning up", async () => {
        await deploy(
          instance,
          "endless",
          `export async function run(ctx) {
            for (;;) await ctx.sleep("1h").catch(() => {});
          }`,
        );
        const id = await begin(instance, "endless");
        await until(instance, id, ({ steps }) => steps.length === 1);
        await instance.request("POST", `/executions/${id}/cancel`);
        expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled" });
      }, 90_000);
    });
  });
}
