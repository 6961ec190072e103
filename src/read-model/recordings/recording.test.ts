import { describe, expect, test } from "vitest";
import type { ExecutionId } from "../../domain/ids.ts";
import { parseRecording } from "../../recordings/parse-recording.ts";
import { failed, finished, input, output, row, run, signal, sleep } from "../testing/journal-rows.ts";
import type { Row } from "../restate-sql.ts";
import { recordingOf } from "./recording.ts";

const executionId = "inv_000000000000000000000001" as ExecutionId;
const start = {
  version: 3,
  entryPoint: "nightly",
  executionId,
  seed: "ab".repeat(32),
  now: 1_000,
  callbackUrl: "http://localhost/callbacks/",
  limits: { calls: 9 },
};
const answered = { ok: true, now: 1_200, value: { status: 200 }, text: "ok" };

describe("the recording of a journal", () => {
  test("has the calls with their results, and the arrivals in their order", () => {
    const recording = recordingIn([
      input({ payload: { order: 1 } }),
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://a/", 2),
      run("wait for event go", 3),
      call("call child", 5, 4),
      sleep("timer", 6, 2_000),
      signal("event go 0", { now: 1_100, value: "now" }),
      finished("CallInvocationId", 4),
      finished("Call", 5, { done: true }),
      run("clock", 7),
      finished("Run", 2, answered),
      finished("Run", 7, 1_300),
      output("end"),
    ]);
    expect(recording).toMatchObject({
      version: 3,
      start: { entryPoint: "nightly", now: 1_000, limits: { calls: 9 } },
      payload: { order: 1 },
      calls: [
        { name: "fetch GET http://a/", operation: "fetch", result: { value: answered } },
        { name: "wait for event go", operation: "wait" },
        { name: "call child", operation: "call", result: { value: { ok: true, value: { done: true } } } },
        { name: "timer", operation: "timer" },
      ],
      signals: [{ name: "event go 0", result: { value: { now: 1_100, value: "now" } } }],
      arrivals: [
        { barrier: "started" },
        { signal: "event go 0" },
        { call: 2 },
        { call: 0 },
        { clock: 1_300 },
      ],
      outcome: { kind: "completed", result: "end" },
    });
    expect(parseRecording(JSON.stringify({ ...recording, logs: [] }))).toEqual({ ...recording, logs: [] });
  });

  test("has the place of a cancellation, of the grace period after it, and of the IDs that cancelling a call waits for", () => {
    const recording = recordingIn(
      [
        run("start", 1),
        finished("Run", 1, start),
        call("call child", 3, 2),
        finished("CallInvocationId", 2),
        row("Notification: Signal", { Notification: { id: { SignalIndex: 1 }, result: "Void" } }),
        row("Command: SendSignal", {}),
        run("cancelled", 4),
        { ...failed("Call", 3, { code: 409, message: "cancelled", metadata: {} }), raw_length: 90 },
        finished("Run", 4, 1_500),
        sleep("cancellation grace period", 5, 9_000),
        finished("Sleep", 5),
      ],
      { completion_result: "failure", completion_failure: "[409] cancelled" },
    );
    expect(recording).toMatchObject({
      calls: [{ result: { value: { ok: false, error: { name: "CancelledError" } } } }],
      arrivals: [
        { barrier: "started" },
        { invocation: 0 },
        { cancellation: true },
        { call: 0 },
        { cancelledAt: 1_500 },
        { timer: "cancellation grace period" },
      ],
      outcome: { kind: "cancelled" },
    });
  });

  test("marks a result that is too large, and one that was not selected", () => {
    const { calls } = recordingIn([
      run("start", 1),
      finished("Run", 1, start),
      run("fetch GET http://a/", 2),
      { ...finished("Run", 2, answered), raw_length: 5 * 2 ** 20 },
      run("fetch GET http://b/", 3),
      { ...finished("Run", 3, answered), raw: null, raw_length: 900 },
    ]);
    expect(calls.map(({ result }) => result)).toEqual([
      { omitted: "too-large", bytes: 5 * 2 ** 20 },
      { omitted: "too-large", bytes: 900 },
    ]);
  });

  test("marks the results that a retry reuses, which it waits for alone", () => {
    const plan = {
      failedCommand: 2,
      before: [
        { source: 1, executionId, index: 9 },
        { source: "event go 0", executionId, index: 10 },
        { source: 0, executionId, index: 11 },
      ],
      after: [],
    };
    const { signals, arrivals } = recordingIn([
      run("start", 1),
      finished("Run", 1, start),
      run("reused steps", 2),
      finished("Run", 2, plan),
      run("sleep", 3),
      run("wait for event go", 4),
      run("fetch GET http://a/", 5),
      sleep("sleep", 6, 2_000),
      finished("Sleep", 6),
      finished("Run", 3, null),
      finished("Run", 4, { ok: true, now: 1_100, value: 1 }),
      finished("Run", 5, answered),
    ]);
    expect(signals).toEqual([{ name: "event go 0", result: { value: { now: 1_100, value: 1 } } }]);
    expect(arrivals).toEqual([
      { barrier: "started" },
      { call: 3 },
      { call: 0, reused: true },
      { signal: "event go 0", reused: true },
      { call: 2 },
    ]);
  });

  test("has the slots of hosts, and up to where the execution waited for the slots of its queues", () => {
    const rows = [
      run("start", 1),
      send("acquire slot of workflow:orders", 2),
      finished("Run", 1, start),
      signal("slot workflow:orders 0", answer(true)),
      send("acquire slot of host:a", 3),
      run("fetch GET http://a/", 4),
      signal("slot host:a 1", answer(true)),
      finished("Run", 4, answered),
      sleep("sleep", 5, 2_000),
      finished("Sleep", 5),
      send("continue slot of workflow:orders", 6),
    ];
    const began = [{ barrier: "started" }, { slot: 0 }, { call: 0 }, { call: 1 }];
    const granted = recordingIn([...rows, signal("slot workflow:orders 2", answer(false))]);
    expect(granted.arrivals).toEqual([...began, { barrier: "slots" }]);
    const cancelled = row("Notification: Signal", {
      Notification: { id: { SignalIndex: 1 }, result: "Void" },
    });
    const { arrivals } = recordingIn([...rows, cancelled, signal("slot workflow:orders 2", answer(false))]);
    expect(arrivals).toEqual([...began, { cancellation: true }, { barrier: "slots" }]);
  });

  test("does not exist before the execution has started, and if flow control skipped it", () => {
    expect(() => recordingIn([input({})], { status: "scheduled" })).toThrow("has not started");
  });
});

function call(name: string, resultId: number, invocationId: number): Row {
  const Call = { invocation_id_completion_id: invocationId, result_completion_id: resultId, name };
  return row("Command: Call", { Command: { Call } }, { name });
}

/** The answer of a queue. */
function answer(starts: boolean) {
  return { now: 1, value: { kind: "granted", starts, holds: true } };
}

function send(name: string, invocationId: number): Row {
  const OneWayCall = { invocation_id_completion_id: invocationId, name };
  return row("Command: OneWayCall", { Command: { OneWayCall } }, { name });
}

function recordingIn(rows: readonly Row[], more: Row = {}) {
  const status = { status: "completed", completion_result: "success" };
  return recordingOf(
    rows.map((each, index) => ({ ...each, index })),
    { id: executionId, row: { target_service_key: "orders", ...status, ...more }, recordedAt: 5 },
  );
}
