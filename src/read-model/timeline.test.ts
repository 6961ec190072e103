import { describe, expect, test } from "vitest";
import {
  failed,
  failedOutput,
  finished,
  input,
  output,
  row,
  run,
  signal,
  sleep,
} from "./testing/journal-rows.ts";
import { readTimeline } from "./timeline.ts";

const start = {
  version: 3,
  entryPoint: "created",
  executionId: "inv_1aZrD2ElniH81lxfJK4PbVEBpFixpbSysK",
  seed: "ab",
  now: 1_700_000_000_000,
  callbackUrl: "https://duranium.example/callbacks/",
};

describe("readTimeline", () => {
  test("reads the tags that the workflow set, also before they have a result", () => {
    const timeline = readTimeline([
      input({ payload: null }),
      run("start", 1),
      finished("Run", 1, start),
      run("tag customer:42 nightly", 2),
      finished("Run", 2, { ok: true, now: 5, value: null }),
      run("tag vip", 3),
    ]);
    expect(timeline.ownTags).toEqual(["customer:42", "nightly", "vip"]);
    expect(timeline.tags).toBeUndefined();
    expect(timeline.steps).toMatchObject([
      { operation: "tag", name: "tag customer:42 nightly", outcome: "succeeded", result: { value: null } },
      { operation: "tag", name: "tag vip", outcome: "pending" },
    ]);
  });

  test("reads the input, the start, the steps and the result", () => {
    const timeline = readTimeline([
      input({ entryPoint: "created", payload: { total: 7 } }),
      row("Command: GetEagerState", { Command: { GetEagerState: { key: "current" } } }),
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://shop/stock", 2),
      finished("Run", 2, { ok: true, now: 5, value: { status: 200 }, text: "{}" }),
      output({ done: true }),
    ]);
    expect(timeline).toMatchObject({
      input: { total: 7 },
      entryPoint: "created",
      start,
      output: { value: { done: true } },
      steps: [
        {
          operation: "fetch",
          name: "fetch GET http://shop/stock",
          outcome: "succeeded",
          result: { value: { status: 200 }, text: "{}" },
          startedAt: Date.parse("2026-11-22T10:00:00.000Z"),
          endedAt: Date.parse("2026-11-22T10:00:00.000Z"),
        },
      ],
    });
  });

  test("assigns results to their commands in any order of arrival", () => {
    const { steps } = readTimeline([
      run("fetch GET http://a/", 1),
      sleep("sleep", 2, 9),
      run("fetch GET http://b/", 3),
      finished("Run", 3, { ok: false, now: 5, error: { name: "TypeError", message: "refused" } }),
      finished("Sleep", 2),
    ]);
    expect(steps.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["fetch GET http://a/", "pending"],
      ["sleep", "succeeded"],
      ["fetch GET http://b/", "failed"],
    ]);
    expect(steps[2]?.error).toEqual({ name: "TypeError", message: "refused" });
  });

  test("shows the failure of a called execution with its name and stack", () => {
    const own = { name: "LabelError", message: "none left", stack: "at label (workflow.ts:3:9)" };
    const metadata = { code: "workflow-failed", failure: JSON.stringify(own) };
    const failure = { code: 500, message: "LabelError: none left\nat label (workflow.ts:3:9)", metadata };
    const { steps } = readTimeline([run("call carrier", 1), failed("Call", 1, failure)]);
    expect(steps).toMatchObject([{ outcome: "failed", error: own }]);
  });

  test("shows the number of attempts of an operation if there was more than one", () => {
    const { steps } = readTimeline([
      run("fetch GET http://a/", 1),
      finished("Run", 1, { ok: true, now: 5, attempts: 3, value: { status: 200 } }),
      run("fetch GET http://b/", 2),
      finished("Run", 2, { ok: false, now: 5, attempts: 2, error: { name: "TypeError", message: "no" } }),
      run("fetch GET http://c/", 3),
      finished("Run", 3, { ok: true, now: 5, value: { status: 200 } }),
    ]);
    expect(steps.map(({ attempts }) => attempts)).toEqual([3, 2, undefined]);
    expect(steps[0]?.result).toEqual({ value: { status: 200 } });
  });

  test("lists the results in order of arrival until the workflow returned", () => {
    const rows = [
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://a/", 2),
      run("fetch GET http://b/", 3),
      finished("Run", 3, { ok: true, now: 5, value: null }),
      finished("Run", 2, { ok: false, now: 6, error: { name: "TypeError", message: "refused" } }),
      run("clock", 4),
      finished("Run", 4, 7),
      signal("event paid 0", { now: 7, value: 1 }),
      run("wait for event paid", 5),
      run("wait for event never", 6),
      sleep("grace period", 7, 9),
      run("fetch GET http://c/", 8),
      finished("Run", 8, { ok: true, now: 5, value: null }),
    ].map((each, index) => ({ ...each, index }));
    const { settled, startIndex } = readTimeline(rows);
    expect(startIndex).toBe(0);
    expect(settled.map(({ step, arrivalIndex }) => [step.name, arrivalIndex])).toEqual([
      ["fetch GET http://b/", 4],
      ["fetch GET http://a/", 5],
      // It was there before it was waited for.
      ["wait for event paid", 9],
    ]);
  });

  test("omits a compressed body and shows its size", () => {
    const compressed = { bytes: 100_000, zstd: "KLUv" };
    const { steps } = readTimeline([
      run("fetch GET http://shop/stock", 1),
      finished("Run", 1, { ok: true, now: 5, value: { status: 200 }, compressed }),
    ]);
    expect(steps).toMatchObject([{ outcome: "succeeded", resultBytes: 100_000 }]);
    expect(steps[0]).not.toHaveProperty("result");
  });

  test("shows the result of a called execution unchanged, even if it looks compressed", () => {
    const value = { compressed: { bytes: 5, zstd: "AAAA" } };
    const call = row("Command: Call", {
      Command: { Call: { result_completion_id: 1, invocation_id_completion_id: 2 } },
    });
    const { steps } = readTimeline([call, finished("Call", 1, value)], 1);
    expect(steps).toMatchObject([{ outcome: "succeeded", result: value }]);
  });

  test("marks a step as ended if its result is too large to show", () => {
    const { steps } = readTimeline([
      run("fetch GET http://a/", 1),
      row("Notification: Run", { Notification: { id: { CompletionId: 1 }, result: "Success" } }),
    ]);
    expect(steps).toMatchObject([{ outcome: "succeeded" }]);
    expect(steps[0]).not.toHaveProperty("result");
  });

  test("distinguishes a void result from an omitted one", () => {
    const { steps } = readTimeline([sleep("sleep", 1, 9), { ...finished("Sleep", 1), raw_length: 4 }]);
    expect(steps).toMatchObject([{ outcome: "succeeded" }]);
    expect(steps[0]).not.toHaveProperty("resultBytes");
  });

  test("reads the failure of an execution with its metadata", () => {
    const { output: end } = readTimeline([
      failedOutput({ code: 500, message: "no", metadata: { code: "workflow-failed" } }),
    ]);
    expect(end).toEqual({ failure: { code: 500, message: "no", metadata: { code: "workflow-failed" } } });
  });

  test("skips entries of unknown types", () => {
    const rows = [row("Command: Future", { Command: { Future: {} } }), row("Event: Odd", undefined), {}];
    expect(readTimeline(rows)).toMatchObject({ steps: [], asked: { operations: [] } });
  });
});
