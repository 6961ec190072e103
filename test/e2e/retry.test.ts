import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** A retry from the failed step, of executions that waited, raced and called before they failed. */
describe("a retry from the failed step", () => {
  let instance: Instance;
  let target: Target;
  /** The target's response to `/charge`. */
  let status = 503;
  const held = new Map<string, () => void>();
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "POST /note": () => null,
      "POST /charge": (_request, response) => {
        response.statusCode = status;
        return { charged: status === 200 };
      },
      "POST /large-failure": (_request, response) => {
        response.statusCode = status;
        return "x".repeat(100_000);
      },
      "POST /large": () => "y".repeat(300_000),
      "POST /held": async ({ path }) => await new Promise<void>((resolve) => held.set(path, resolve)),
    });
  });
  afterAll(async () => {
    for (const release of held.values()) release();
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  const retry = async (id: string): Promise<ApiAnswer> =>
    await instance.request("POST", `/executions/${id}/retry`, { body: { from: "failed-step" } });
  const retried = async (id: string): Promise<string> => (await retry(id)).body.executionId;
  const send = async (id: string, name: string, payload?: unknown): Promise<ApiAnswer> =>
    await instance.request("POST", `/executions/${id}/events/${name}`, { body: payload });
  /** The number of times that the workflow posted this to the target. */
  const noted = (path: string) => target.seen.filter((request) => request.path === path).length;

  test("reuses the events, the callback, the child, the state and all other earlier results", async () => {
    await deploy(
      instance,
      "ships",
      "export const run = async (ctx, url) => { await fetch(url, { method: 'POST' }); return ctx.executionId; };",
    );
    await deploy(
      instance,
      "waited",
      `export async function run(ctx, url) {
          const post = (path) => fetch(url + path, { method: "POST", body: "" });
          const { url: address, promise } = ctx.createCallback({ timeout: "1h" });
          const cancelled = ctx.waitForEvent("cancelled", { timeout: "1h" });
          cancelled.catch(() => {});
          await post("/note?waited-" + address);
          const approved = await ctx.waitForEvent("approved", { timeout: "1h" });
          const paid = await promise;
          const child = await ctx.call("ships", { payload: url + "/note?shipped" });
          const count = await ctx.state.update("count", (count = 0) => count + 1);
          await Promise.race([ctx.sleep("1h"), ctx.sleep(5)]);
          const { executionId } = await ctx.send("ships", { payload: url + "/note?sent" });
          const facts = { approved, paid, child, count, executionId, random: Math.random(), now: Date.now() };
          await post("/note?facts-" + encodeURIComponent(JSON.stringify(facts)));
          const charge = await post("/charge");
          if (!charge.ok) throw new Error("no charge: " + charge.status);
          return { ...facts, second: await ctx.waitForEvent("approved"), later: Date.now() > facts.now };
        }`,
    );
    status = 503;
    const id = await startExecution(instance, "waited", target.url);
    const addressOf = () =>
      /\?waited-(.*)/.exec(target.seen.find(({ path }) => path.includes("waited-"))?.path ?? "");
    await until(instance, id, () => addressOf() !== null);
    const address = addressOf()?.[1] ?? "";
    const callBack = async () => (await fetch(address, { method: "POST", body: '"yes"', headers })).status;
    await send(id, "approved", { by: "ann" });
    await send(id, "approved", { by: "bob" });
    expect(await callBack()).toBe(202);
    const failed = await untilEnded(instance, id);
    expect(failed).toMatchObject({ status: "failed", failure: { message: "no charge: 503" } });

    const again = await retried(id);
    expect(await untilEnded(instance, again)).toMatchObject({ failure: { message: "no charge: 503" } });
    status = 200;
    const last = await retried(again);
    const ended = await untilEnded(instance, last);
    expect(ended).toMatchObject({ status: "completed", retryOf: again });
    const facts = target.seen.filter(({ path }) => path.startsWith("/note?facts-"));
    expect(facts).toHaveLength(1);
    const known = JSON.parse(decodeURIComponent((facts[0]?.path ?? "").slice("/note?facts-".length)));
    expect(known).toMatchObject({ approved: { by: "ann" }, paid: "yes", count: 1 });
    // The second event had been sent to the first of them, which never asked for it.
    expect(ended.result).toEqual({ ...known, second: { by: "bob" }, later: true });
    await untilEnded(instance, known.executionId);
    expect([noted("/note?shipped"), noted("/note?sent"), target.count("POST /charge")]).toEqual([1, 1, 3]);
    expect(await callBack()).toBe(409);
    const reusedNames = ended.steps.filter(({ reused }: { reused?: boolean }) => reused).map(nameOf);
    expect(reusedNames).toContain("wait for event approved");
    expect(reusedNames).toContain("call ships");
    expect(reusedNames).not.toContain(`fetch POST ${target.url}/charge`);
  });

  test("continues pending waits, and receives events and its old callback", async () => {
    await deploy(
      instance,
      "waiting",
      `export async function run(ctx, url) {
          const { url: address, promise } = ctx.createCallback();
          const stopped = ctx.waitForEvent("stop");
          const first = await ctx.waitForEvent("go");
          await fetch(url + "/note?waiting-" + address, { method: "POST" });
          const charge = await fetch(url + "/charge", { method: "POST" });
          if (!charge.ok) throw new Error("no charge");
          return [first, await ctx.waitForEvent("go"), await promise, await stopped];
        }`,
    );
    status = 503;
    const id = await startExecution(instance, "waiting", target.url);
    await send(id, "go", 1);
    await untilEnded(instance, id);
    const [seen] = target.seen.filter(({ path }) => path.startsWith("/note?waiting-"));
    const address = (seen?.path ?? "").slice("/note?waiting-".length);
    const callBack = async () => (await fetch(address, { method: "POST", body: '"paid"', headers })).status;
    expect(await callBack()).toBe(409);
    status = 200;
    // A retry from the start has callbacks of its own, and is not the one that goes on.
    const fromStart = (await instance.request("POST", `/executions/${id}/retry`)).body.executionId;
    const again = await retried(id);
    expect((await send(id, "go", 2)).body).toMatchObject({ code: "execution-ended" });
    expect((await send(again, "go", 2)).status).toBe(202);
    expect(await callBack()).toBe(202);
    expect(await callBack()).toBe(409);
    await send(again, "stop", "stopped");
    expect((await untilEnded(instance, again)).result).toEqual([1, 2, "paid", "stopped"]);
    expect((await instance.request("GET", `/executions/${fromStart}`)).body.waitingFor).toContain(
      'event "go"',
    );
    await instance.request("POST", `/executions/${fromStart}/cancel`);
  });

  // Where every await suspends, nothing goes on while a request is held.
  test.skipIf(isReplayed)("repeats no step that ended next to or after the failed step", async () => {
    await deploy(
      instance,
      "side-by-side",
      `export async function run(ctx, url) {
          const post = (path) => fetch(url + path, { method: "POST" });
          const timer = setTimeout(() => {}, 3_600_000);
          const steps = [
            post("/note?first"),
            post("/held?charge").then(() => post("/charge")).then((answer) => {
              if (!answer.ok) throw new Error("no charge");
            }),
            post("/note?third").then(() => post("/note?fourth")),
            post("/held?fifth").then(() => post("/large")).then((answer) => answer.text()),
          ];
          const results = await Promise.all(steps);
          clearTimeout(timer);
          return results[3].length;
        }`,
    );
    status = 503;
    const id = await startExecution(instance, "side-by-side", target.url);
    await target.arrived("POST /held", 2);
    await until(instance, id, ({ steps }) => steps.filter(hasEnded).length >= 3);
    held.get("/held?charge")?.();
    // The workflow fails now; calls that it did not await end in the grace period.
    await until(instance, id, ({ steps }) => steps.filter(hasEnded).some(isCharge));
    held.get("/held?fifth")?.();
    const failed = await untilEnded(instance, id);
    expect(failed.failure.message).toBe("no charge");
    status = 200;
    const ended = await untilEnded(instance, await retried(id));
    expect(ended).toMatchObject({ status: "completed", result: 300_002 });
    const paths = ["/note?first", "/note?third", "/note?fourth", "/held?charge", "/held?fifth"];
    expect(paths.map(noted)).toEqual([1, 1, 1, 1, 1]);
  });

  test("reuses large results, and finds a failed step with a large response", async () => {
    await deploy(
      instance,
      "large",
      `export async function run(ctx, url) {
          const large = await (await fetch(url + "/large", { method: "POST" })).text();
          const answer = await fetch(url + "/large-failure", { method: "POST" });
          if (!answer.ok) throw new Error("no");
          return large.length;
        }`,
    );
    status = 503;
    const before = target.count("POST /large");
    const failed = await execute(instance, "large", target.url);
    expect(failed.status).toBe("failed");
    status = 200;
    expect((await untilEnded(instance, await retried(failed.executionId))).result).toBe(300_002);
    expect(target.count("POST /large")).toBe(before + 1);
  });

  test("fails with reused-steps-unavailable if the original was deleted too early", async () => {
    await deploy(
      instance,
      "removed",
      `export async function run(ctx, url) {
          for (let round = 0; round < 12; round++) await fetch(url + "/note?removed", { method: "POST" });
          const charge = await fetch(url + "/charge", { method: "POST" });
          if (!charge.ok) throw new Error("no charge");
          return "charged";
        }`,
    );
    status = 503;
    const failed = await execute(instance, "removed", target.url);
    status = 200;
    const again = await retried(failed.executionId);
    await instance.request("DELETE", `/executions/${failed.executionId}`);
    const ended = await untilEnded(instance, again);
    // If it was fast enough, it no longer needs the other one.
    if (ended.status === "completed") expect(ended.result).toBe("charged");
    else expect(ended.failure).toMatchObject({ code: "reused-steps-unavailable" });
    expect(noted("/note?removed")).toBe(12);
  });
});

const headers = { "content-type": "application/json" };

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function hasEnded({ outcome }: { readonly outcome: string }): boolean {
  return outcome !== "pending";
}

function isCharge({ name }: { readonly name: string }): boolean {
  return name.endsWith("/charge");
}
