import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testEnginesDirectory } from "../../test/support/engine.ts";
import { startTarget } from "../../test/support/target.ts";
import type { Answer } from "../../test/support/target.ts";
import type {
  PreviewedWorkflow,
  PreviewRequest,
  PreviewRun,
  PreviewState,
} from "../preview/contract/preview.ts";
import type { RecordedChange } from "../preview/contract/recorded-run.ts";
import { createNodePreview } from "../preview/node-preview.ts";
import type { NodePreview } from "../preview/node-preview.ts";
import { parseRecording } from "../recordings/parse-recording.ts";
import type { Recording } from "../recordings/recording.ts";
import { redactRecording } from "../recordings/redaction/redact-recording.ts";
import type { ExperimentKind, ExperimentRow } from "./experiment.ts";
import { runExperiment } from "./run-experiment.ts";

describe("a run on a recording", () => {
  let preview: NodePreview;
  beforeAll(async () => {
    preview = await createNodePreview({ enginesDir: testEnginesDirectory, egressAllow: "127.0.0.1:*" });
  });
  afterAll(async () => await preview[Symbol.asyncDispose]());

  const open = async (body: string): Promise<PreviewedWorkflow> =>
    await preview.open({
      entry: "workflow.ts",
      files: { "workflow.ts": `export async function run(ctx, payload) {${body}\n}` },
    });

  test("repeats a finished preview exactly, with its order, times, state, events and random numbers", async () => {
    const workflow = await open(`
      const get = async (path) => await (await fetch(payload + path)).text();
      const order = [];
      const all = ["/a", "/b", "/c", "/a"].map((path, n) => get(path).then((text) => order.push(n + text)));
      const approved = ctx.waitForEvent("approved");
      await Promise.all([...all, ctx.sleep("2h")]);
      const count = await ctx.state.update("count", (count = 0) => count + 1);
      const child = await ctx.call("child", { payload: 1 }).catch((error) => error.message);
      const lost = await fetch("http://127.0.0.1:1/").catch((error) => error.cause.code);
      console.log("at", Date.now(), Math.random());
      void fetch(payload + "/late", { method: "POST" });
      return [order, await approved, count, child, lost, Date.now(), ctx.executionId];`);
    const recording = await record(
      workflow,
      {
        "GET /a": async () => await delay(30, "a"),
        "GET /b": () => "b",
        "GET /c": () => "c",
        "POST /late": () => null,
      },
      (run, { pendingRequests: [asked], events }) => {
        if (asked !== undefined) run.answer(asked.step, { error: { name: "RangeError", message: "no" } });
        else if (events.includes("approved")) run.sendEvent("approved", { by: "ann" });
      },
    );
    expect(recording.outcome).toMatchObject({
      kind: "completed",
      result: [
        expect.anything(),
        { by: "ann" },
        1,
        "no",
        "ECONNREFUSED",
        expect.anything(),
        expect.anything(),
      ],
    });
    const state = await again(workflow, recording);
    expect(state.result).toEqual(
      recording.outcome?.kind === "completed" ? recording.outcome.result : undefined,
    );
    expect(state.logs.map(({ arguments: line }) => line)).toEqual(recording.logs.map(({ line }) => line));
    expect(state.fuelUsed).toBe(recording.fuelUsed);
    expect(state.steps.find(({ name }) => name.endsWith("/c"))?.recorded).toEqual({ call: 2, match: "same" });
  });

  test("continues as a preview where a changed answer or payload leads away from the recording", async () => {
    const workflow = await open(`
      const response = await fetch(payload + "/orders");
      if (response.status !== 200) return await (await fetch(payload + "/fallback?" + response.status)).text();
      const { left } = await response.json();
      return left > 0 ? "shipped" : (await fetch(payload + "/backorders", { method: "POST" })).status;`);
    const recording = await record(workflow, { "GET /orders": () => ({ left: 3 }) });
    const asked = await again(workflow, recording, change({ response: { body: '{"left":0}' } }));
    expect(asked.pendingRequests).toMatchObject([
      { method: "POST", url: expect.stringContaining("/backorders") },
    ]);
    const answers = [{ url: "*/fallback?500", response: { body: "from fallback" } }];
    const mocked = await again(workflow, recording, change({ response: { status: 500 } }), { answers });
    expect(mocked.result).toBe("from fallback");
    const failed = await again(workflow, recording, change({ failure: "timeout" }));
    expect(failed.failure).toMatchObject({
      code: "fetch-timeout",
      cause: { message: expect.stringContaining("fetchTimeoutMs") },
    });
    const elsewhere = await again(workflow, recording, [], { payload: "http://elsewhere.invalid" });
    expect(elsewhere.pendingRequests).toMatchObject([{ url: "http://elsewhere.invalid/orders" }]);
  });

  test("fails every call once, and says how the workflow ends", async () => {
    const workflow = await open(`
      const retry = async (act) => { try { return await act(); } catch { await ctx.sleep("1m"); return await act(); } };
      const post = async (path, init) => {
        const response = await fetch(payload + path, { method: "POST", ...init });
        if (!response.ok) throw new Error("status " + response.status);
        return await response.json();
      };
      const stock = await fetch(payload + "/stock", { retry: { limit: 2, delay: 10 } });
      await retry(() => post("/payments", { headers: { "Idempotency-Key": "k" } }));
      await post("/shipments");
      const child = await ctx.call("child");
      const approval = await Promise.race([ctx.waitForEvent("ok"), ctx.sleep("1d").then(() => "timeout")]);
      await ctx.waitForEvent("done");
      return [stock.status, child, approval];`);
    const recording = await record(
      workflow,
      { "GET /stock": () => 1, "POST /payments": () => ({}), "POST /shipments": () => ({}) },
      (run, { pendingRequests: [asked], events }) => {
        if (asked !== undefined) run.answer(asked.step, { result: "child" });
        else for (const event of events) run.sendEvent(event, event);
      },
    );
    const report = await experiment(workflow, recording, "fail-each-call");
    expect(report.control).toEqual({ status: "completed", isAsRecorded: true });
    expect(report.rows.map(summary)).toEqual([
      ["fetch GET /stock", "http-500", "otherResult"],
      ["fetch GET /stock", "network-failure", "fails", 8],
      ["fetch POST /payments", "http-500", "same", "again: payments 1"],
      ["fetch POST /payments", "network-failure", "same", "again: payments 1"],
      ["fetch POST /shipments", "http-500", "fails", 5],
      ["fetch POST /shipments", "network-failure", "fails", 4],
      ["call child", "workflow-failure", "fails", 11],
      ["wait for event ok", "no-event", "otherResult"],
      ["wait for event done", "no-event", "waits", 13],
    ]);
    expect(report.rows[0]).toMatchObject({ attempts: 3, place: { file: "workflow.ts", line: 8 } });
    expect(report.rows[2]?.delayMs).toBeGreaterThanOrEqual(60_000);
    expect(report.rows[2]?.repeats).toMatchObject([{ isIdempotent: true }]);
    expect(report.rows[7]?.waitingFor).toBeUndefined();
  });

  test("answers calls whose values are redacted in the recording, and fails them", async () => {
    const workflow = await open(`
      const email = "ada@example.com";
      const put = async (path, headers, body) => {
        const response = await fetch(payload + path, { method: "PUT", headers, body: JSON.stringify(body) });
        if (!response.ok) throw new Error("status " + response.status);
        return await response.json();
      };
      const payment = await put("/payment", { authorization: "Bearer hard-coded-token" }, { total: 3 });
      await put("/receipt", {}, { customer: { email } });
      return { paid: payment.paid, customer: { email } };`);
    const recorded = await record(workflow, {
      "PUT /payment": () => ({ paid: 3 }),
      "PUT /receipt": () => ({}),
    });
    const recording = redactRecording(recorded, { body: ["/customer/email"] });
    expect(JSON.stringify(recording)).not.toMatch(/hard-coded-token|ada@example/);
    const state = await again(workflow, recording);
    expect(state.result).toEqual({ paid: 3, customer: { email: "ada@example.com" } });
    expect(state.steps.map((step) => step.recorded)).toEqual([
      { call: 0, match: "same" },
      { call: 1, match: "same" },
    ]);
    const failing = await experiment(workflow, recording, "fail-each-call");
    expect(failing.control).toEqual({ status: "completed", isAsRecorded: true });
    expect(failing.rows.map(summary)).toEqual([
      ["fetch PUT /payment", "http-500", "fails", 5],
      ["fetch PUT /payment", "network-failure", "fails", 4],
      ["fetch PUT /receipt", "http-500", "fails", 5],
      ["fetch PUT /receipt", "network-failure", "fails", 4],
    ]);
    const crashing = await experiment(workflow, recording, "crash-each-step");
    expect(crashing.rows.map(summary)[0]).toEqual([
      "fetch PUT /payment",
      "crash-before-stored",
      "same",
      "again: payment 1",
    ]);
  });

  test("crashes at every step, and repeats the requests in flight", async () => {
    const workflow = await open(`
      const post = (path) => fetch(payload + path, { method: "POST" });
      await Promise.all([post("/slow"), post("/fast")]);
      await ctx.sleep("1h");
      const last = await fetch(payload + "/last", { signal: AbortSignal.timeout(5_000) }).catch((error) => error.name);
      return typeof last === "string" ? last : last.status;`);
    const recording = await record(workflow, {
      "POST /slow": async () => await delay(60, {}),
      "POST /fast": async () => await delay(10, {}),
      "GET /last": async () => await delay(20, {}),
    });
    const report = await experiment(workflow, recording, "crash-each-step");
    expect(report.rows.map(summary)).toEqual([
      ["fetch POST /slow", "crash-before-stored", "same", "again: slow 1"],
      ["fetch POST /slow", "crash-after-stored", "same"],
      ["fetch POST /fast", "crash-before-stored", "same", "again: slow 1", "again: fast 1"],
      ["fetch POST /fast", "crash-after-stored", "same", "again: slow 1"],
      ["sleep", "crash-after-stored", "same"],
      ["fetch GET /last", "crash-before-stored", "otherResult"],
      ["fetch GET /last", "crash-after-stored", "same"],
    ]);
    expect(report.rows[5]?.differences).toEqual([{ path: "", before: 200, after: "TimeoutError" }]);
  });
});

/** Runs to the end, with real requests. */
async function record(
  workflow: PreviewedWorkflow,
  routes: Readonly<Record<string, Answer>>,
  act: (run: PreviewRun, state: PreviewState) => void = () => {},
): Promise<Recording> {
  await using target = await startTarget(routes);
  using run = await workflow.run({ workflowId: "drafts", payload: target.url });
  run.subscribe((state) => {
    if (state.status === "waiting") act(run, state);
  });
  await run.ended;
  return parseRecording(JSON.stringify(run.recording()));
}

async function again(
  workflow: PreviewedWorkflow,
  recording: Recording,
  changes: readonly RecordedChange[] = [],
  request: Partial<PreviewRequest> = {},
): Promise<PreviewState> {
  using run = await workflow.run({
    workflowId: "drafts",
    payload: recording.payload,
    network: "off",
    recorded: { recording, changes },
    ...request,
  });
  const { promise, resolve } = Promise.withResolvers<PreviewState>();
  run.subscribe((state) => {
    if (state.status === "waiting") resolve(state);
  });
  return await Promise.race([promise, run.ended]);
}

const experiment = async (workflow: PreviewedWorkflow, recording: Recording, kind: ExperimentKind) =>
  await runExperiment({ workflow, recording, kind });

const summary = ({ name, change, outcome, endPlace, repeats }: ExperimentRow) =>
  [
    name.replace(/http:..127.0.0.1:\d+/, ""),
    change,
    outcome,
    endPlace?.line,
    ...repeats.map((each) => `again: ${each.name.split("/").at(-1)} ${each.times}`),
  ].filter((each) => each !== undefined);

const change = (answer: object) => [{ call: 0, answer } as RecordedChange];
