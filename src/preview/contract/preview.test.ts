import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testEnginesDirectory } from "../../../test/support/engine.ts";
import { startTarget } from "../../../test/support/target.ts";
import { createNodePreview } from "../node-preview.ts";
import type { NodePreview } from "../node-preview.ts";
import type { PreviewRequest, PreviewRun, PreviewState } from "./preview.ts";

const seed = "07".repeat(32);

describe("a preview", () => {
  let preview: NodePreview;
  beforeAll(async () => {
    preview = await createNodePreview({ enginesDir: testEnginesDirectory, egressAllow: "127.0.0.1:*" });
  });
  afterAll(async () => await preview[Symbol.asyncDispose]());

  async function startRun(body: string, request: Partial<PreviewRequest> = {}): Promise<PreviewRun> {
    const source = `export async function run(ctx, payload) { ${body} }`;
    return await preview.run(
      { entry: "workflow.ts", files: { "workflow.ts": source } },
      { workflowId: "drafts", payload: null, seed, startAt: 0, ...request },
    );
  }

  /** Runs to the end. Calls `act` whenever the run needs external input. */
  async function runOf(
    body: string,
    request: Partial<PreviewRequest> = {},
    act: (run: PreviewRun, state: PreviewState) => void = () => {},
  ): Promise<PreviewState> {
    const run = await startRun(body, request);
    run.subscribe((state) => {
      if (state.status === "waiting") act(run, state);
    });
    return await run.ended;
  }

  test("runs with the same seed, clock and responses are identical", async () => {
    const body = `
      const found = await fetch("https://api.example.com/a", { retry: 2 });
      await ctx.sleep("3d");
      return [Date.now(), Math.random(), crypto.randomUUID(), ctx.executionId, await found.text()];`;
    const answers = [
      { url: "https://api.example.com/*", times: 1, response: { status: 503 } },
      { url: "*", response: { body: "found" } },
    ];
    const [one, other] = [await runOf(body, { answers }), await runOf(body, { answers })];
    expect(one.status).toBe("completed");
    expect(one.now).toMatch(/^1970-01-04T/);
    expect(other).toEqual(one);
  });

  test("recorded responses of an earlier run replace the network", async () => {
    await using target = await startTarget({ "GET /n": () => ({ n: 1 }) });
    const body = `const r = await fetch(payload + "/n"); return [await r.json(), r.headers.get("content-type")];`;
    const first = await runOf(body, { payload: target.url });
    expect(target.count("GET /n")).toBe(1);
    const again = await runOf(body, { payload: target.url, answers: first.recorded, network: "off" });
    expect(again.result).toEqual(first.result);
    expect(target.count("GET /n")).toBe(1);
  });

  test("requests without a response become pending requests, and the run continues with the answers", async () => {
    await using gone = await startTarget({});
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    const body = `
      const made = await fetch(payload + "/a", { method: "POST", body: "b" });
      const failed = await fetch(payload + "/c").catch((error) => error.message);
      const called = await ctx.call("other", { payload: 1 });
      const refused = await ctx.call("other").catch((error) => error.message);
      return [made.status, failed, called, refused];`;
    const asked: unknown[] = [];
    const { result } = await runOf(
      body,
      { payload: url, network: "ask" },
      (run, { pendingRequests: [pending] }) => {
        if (pending === undefined) return;
        asked.push(pending.kind === "fetch" ? [pending.method, pending.body] : pending.payload);
        const error = { name: "Error", message: "no" };
        if (pending.kind === "fetch")
          run.answer(pending.step, pending.method === "POST" ? { response: { status: 201 } } : { error });
        else run.answer(pending.step, pending.payload === 1 ? { result: "two" } : { error });
      },
    );
    expect(asked).toEqual([["POST", "b"], ["GET", undefined], 1, null]);
    expect(result).toEqual([201, "fetch failed", "two", "no"]);
  });

  test("a network error fails the fetch in the mode direct", async () => {
    const body = `return await fetch("http://10.0.0.1/").catch((error) => error.message);`;
    expect((await runOf(body)).result).toMatch(/^fetch failed: .*10\.0\.0\.1/);
  });

  test("state is kept between runs, separately for each workflow", async () => {
    const count = `return await ctx.state.update("n", (n) => (n ?? 0) + 1);`;
    await runOf(count, { workflowId: "counts" });
    await runOf(count, { workflowId: "counts" });
    expect(preview.states.get("counts")).toEqual({ n: 2 });
    expect(preview.states.get("drafts")).toEqual({});
    preview.states.set("counts", { n: 40 });
    await runOf(count, { workflowId: "counts" });
    expect(preview.states.get("counts")).toEqual({ n: 41 });
  });

  test("secrets are sent to their hosts only and never shown", async () => {
    await using target = await startTarget({ "GET /me": ({ headers }) => ({ sent: headers.authorization }) });
    const secrets = { TOKEN: { value: "s3cr3t-value-0123", hosts: ["http://127.0.0.1:*"] } };
    const body = `
      const headers = { authorization: "Bearer " + ctx.secrets.TOKEN };
      const mine = await (await fetch(payload + "/me", { headers })).json();
      const refused = await fetch("https://example.com/", { headers }).catch((error) => error.message);
      return [mine, refused];`;
    const state = await runOf(body, { payload: target.url, secrets });
    expect(target.seen[0]?.headers.authorization).toBe("Bearer s3cr3t-value-0123");
    expect(JSON.stringify(state)).not.toContain("s3cr3t-value-0123");
    expect((state.result as readonly string[])[1]).toContain("may not be sent to https://example.com");
  });

  test("fetches are checked against the egress settings of the workflow", async () => {
    const body = `return await fetch("https://example.org/").catch((error) => error.message);`;
    const { result } = await runOf(body, { egress: { allow: ["example.com"] }, network: "off" });
    expect(result).toBe("fetch failed: the settings of the workflow do not allow https://example.org");
  });

  test("a run reports the events and callbacks it waits for, and a callback completes only once", async () => {
    const seen: PreviewState[] = [];
    const body = `
      const { promise } = ctx.createCallback();
      const event = await ctx.waitForEvent("go", { timeout: "1h" });
      return [event, await promise];`;
    const { result, now } = await runOf(body, {}, (run, state) => {
      seen.push(state);
      const [callback] = state.callbacks;
      if (state.events.includes("go")) run.sendEvent("go", 1);
      else if (callback !== undefined) run.completeCallback(callback.url, 2);
      expect(() => run.completeCallback("https://preview.invalid/callbacks/x.0.y", 3)).toThrow("No callback");
    });
    expect(result).toEqual([1, 2]);
    expect(now).toBe("1970-01-01T00:00:00.000Z");
    expect(seen[0]?.waitingFor).toEqual(["callback", 'event "go" until 1970-01-01T01:00:00.000Z']);
  });

  test("in manual mode the clock advances only by advance and advanceToNext", async () => {
    const run = await startRun(`for (let n = 0; n < 3; n++) await ctx.sleep(1_000); return Date.now();`, {
      clock: "manual",
    });
    const stood = Promise.withResolvers<PreviewState>();
    run.subscribe((state) => state.status === "waiting" && state.steps.length === 3 && stood.resolve(state));
    run.advance(2_500);
    expect((await stood.promise).nextWakeAt).toBe("1970-01-01T00:00:03.000Z");
    run.advanceToNext();
    expect((await run.ended).result).toBe(3_000);
  });

  test("a cancelled run executes its finally blocks", async () => {
    const body = `try { await ctx.waitForEvent("never"); } finally { console.log("clean"); }`;
    const state = await runOf(body, {}, (run) => run.cancel());
    expect(state).toMatchObject({ status: "cancelled", failure: { code: "cancelled" }, waitingFor: [] });
    expect(state.logs.map(({ arguments: said }) => said)).toEqual([["clean"]]);
  });

  test("an endless loop runs out of fuel", async () => {
    const { failure } = await runOf(`for (;;);`, { limits: { turnFuel: 1e7 } });
    expect(failure?.code).toBe("out-of-fuel");
  });

  test("an endless series of turns yields to the event loop and can be disposed of", async () => {
    const run = await startRun(`for (;;) await ctx.sleep(1);`, { limits: { calls: 250_000 } });
    while (run.state.steps.length < 50) await delay(1);
    run[Symbol.dispose]();
    const { length } = run.state.steps;
    await delay(50);
    expect(run.state.steps.length).toBeLessThanOrEqual(length + 1);
  });

  test("an invalid draft is rejected with the diagnostics of a deploy", async () => {
    await expect(startRun(`}`)).rejects.toMatchObject({ code: "compile-failed", diagnostics: [{ line: 1 }] });
    const top = { entry: "a.ts", files: { "a.ts": `export function run() {}\nthrow new Error("top");` } };
    await expect(preview.run(top, { workflowId: "drafts", payload: null })).rejects.toMatchObject({
      code: "evaluation-failed",
      diagnostics: [{ file: "a.ts", line: 2, message: "Error: top" }],
    });
    await expect(startRun("", { workflowId: "No" })).rejects.toMatchObject({ code: "invalid-workflow-id" });
    await expect(startRun("", { seed: "1" })).rejects.toMatchObject({ code: "invalid-request" });
  });
});
