import { describe, expect, test } from "vitest";
import type { Row } from "./restate-client.ts";
import { readStart, readTimeline } from "./timeline.ts";

const start = {
  version: 3,
  entryPoint: "created",
  executionId: "inv_1aZrD2ElniH81lxfJK4PbVEBpFixpbSysK",
  seed: "ab",
  now: 1_700_000_000_000,
  callbackUrl: "https://duranium.example/callbacks/",
};

describe("readTimeline", () => {
  test("reads the input, the start, the steps and the result", () => {
    const timeline = readTimeline([
      input({ entryPoint: "created", payload: { total: 7 } }),
      row("Command: GetEagerState", { Command: { GetEagerState: { key: "current" } } }),
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://shop/stock", 2),
      finished("Run", 2, { ok: true, now: 5, value: { status: 200 }, text: "{}" }),
      output({ Success: bytes({ done: true }) }),
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

  test("ties results to their operations, in whatever order they arrive", () => {
    const { steps } = readTimeline([
      run("fetch GET http://a/", 1),
      row("Command: Sleep", { Command: { Sleep: { wake_up_time: 9, completion_id: 2 } } }, { name: "sleep" }),
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

  test("tells how often an operation was tried, where that was more than once", () => {
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

  test("knows the step whose result arrived last, of those that the workflow asked for", () => {
    const rows = [
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://a/", 2),
      run("fetch GET http://b/", 3),
      finished("Run", 3, { ok: true, now: 5, value: null }),
      finished("Run", 2, { ok: false, now: 6, error: { name: "TypeError", message: "refused" } }),
      run("clock", 4),
      finished("Run", 4, 7),
    ].map((each, index) => ({ ...each, index }));
    expect(readTimeline(rows).lastSettled).toMatchObject({ name: "fetch GET http://a/", outcome: "failed" });
  });

  test("knows that a step has ended whose result is too large to be shown", () => {
    const { steps } = readTimeline([
      run("fetch GET http://a/", 1),
      row("Notification: Run", undefined, {
        entry_lite_json: JSON.stringify({
          Notification: { ty: { Completion: "Run" }, id: { CompletionId: 1 }, result: "Success" },
        }),
      }),
    ]);
    expect(steps).toMatchObject([{ outcome: "succeeded" }]);
    expect(steps[0]).not.toHaveProperty("result");
  });

  test("reads why an execution failed, with what came along", () => {
    const { output: end } = readTimeline([
      output({
        Failure: { code: 500, message: "no", metadata: [{ key: "code", value: "workflow-failed" }] },
      }),
    ]);
    expect(end).toEqual({ failure: { code: 500, message: "no", metadata: { code: "workflow-failed" } } });
  });

  test("passes over entries that it does not know", () => {
    const rows = [row("Command: Future", { Command: { Future: {} } }), row("Event: Odd", undefined), {}];
    expect(readTimeline(rows)).toEqual({ steps: [] });
  });
});

test("readStart tells the start from other results", () => {
  expect(readStart(finished("Run", 1, start))).toEqual(start);
  expect(readStart(finished("Run", 1, { ok: true, now: 1, value: null }))).toBeUndefined();
});

function row(type: string, json: unknown, more: Row = {}): Row {
  return {
    index: 0,
    entry_type: type,
    name: "",
    appended_at: "2026-11-22T10:00:00.000Z",
    ...(json === undefined ? {} : { entry_json: JSON.stringify(json) }),
    ...more,
  };
}

function input(payload: unknown): Row {
  return row("Command: Input", { Command: { Input: { headers: [], payload: bytes(payload), name: "" } } });
}

function output(result: unknown): Row {
  return row("Command: Output", { Command: { Output: { result, name: "" } } });
}

function run(name: string, completionId: number): Row {
  return row("Command: Run", { Command: { Run: { completion_id: completionId, name } } }, { name });
}

function finished(kind: string, completionId: number, value?: unknown): Row {
  const result = value === undefined ? {} : { result: { Success: bytes(value) } };
  return row(`Notification: ${kind}`, {
    Notification: { Completion: { [kind]: { completion_id: completionId, ...result } } },
  });
}

function bytes(value: unknown): number[] {
  return [...Buffer.from(JSON.stringify(value))];
}
