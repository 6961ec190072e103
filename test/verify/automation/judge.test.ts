import { expect, test } from "vitest";
import { judgeQueued, judgeRate, judgeSchedule } from "./judge.ts";
import type { WatchedSchedule } from "./judge.ts";
import type { Report } from "./recorder.ts";
import type { QueueCase, QueuedCase } from "./workload.ts";

const schedule: WatchedSchedule = {
  id: "s",
  workflow: "w",
  everyMs: 1_000,
  as: "every",
  isDeclared: false,
  overlap: "allow",
  workMs: 0,
  requestedAt: 900,
  confirmedAt: 1_100,
  endAt: 3_500,
  missed: 0,
  skipped: 0,
};

/** What ran, by the second of the instant. */
function ran(runs: Readonly<Record<number, readonly string[]>>) {
  const names = Object.entries(runs).map(
    ([second, by]) => [`s/${new Date(Number(second) * 1_000).toISOString()}`, new Set(by)] as const,
  );
  return new Map(names);
}

test("each instant after the schedule was created runs once, and one during its creation may run", () => {
  expect(judgeSchedule(schedule, ran({ 2: ["a"], 3: ["b"] }))).toEqual({ lost: [], twice: [] });
  expect(judgeSchedule(schedule, ran({ 1: ["z"], 2: ["a"], 3: ["b"] }))).toEqual({ lost: [], twice: [] });
});

test("an instant that did not run is lost, and so is one that counts as missed", () => {
  expect(judgeSchedule(schedule, ran({ 2: ["a"] })).lost).toEqual(["s/1970-01-01T00:00:03.000Z did not run"]);
  const missed = { ...schedule, missed: 1 };
  expect(judgeSchedule(missed, ran({ 2: ["a"], 3: ["b"] })).lost).toEqual(["s: 1 instants were missed"]);
});

test("an instant with two executions ran twice, and one outside of the schedule is no instant", () => {
  expect(judgeSchedule(schedule, ran({ 2: ["a", "c"], 3: ["b"] })).twice).toEqual([
    "s/1970-01-01T00:00:02.000Z ran as a and c",
  ]);
  expect(judgeSchedule(schedule, ran({ 2: ["a"], 3: ["b"], 4: ["c"] })).twice).toHaveLength(1);
});

test("a schedule that skips accounts for each instant", () => {
  const skipping = { ...schedule, overlap: "skip", skipped: 1 } as const;
  expect(judgeSchedule(skipping, ran({ 2: ["a"] }))).toEqual({ lost: [], twice: [] });
  expect(judgeSchedule({ ...skipping, skipped: 0 }, ran({ 2: ["a"] })).lost).toHaveLength(1);
  expect(judgeSchedule({ ...skipping, skipped: 3 }, ran({ 2: ["a"] })).twice).toHaveLength(1);
});

test("a queued execution that ended otherwise than planned, or without running, is lost", () => {
  const queued: QueuedCase = { name: "q", workflow: "w", key: "", workMs: 0, fate: "runs", fateAfterMs: 0 };
  const judged = (outcome: "succeeded" | "failed" | "cancelled", by: readonly string[], fate = queued.fate) =>
    judgeQueued(
      { ...queued, fate },
      {
        end: { workflow: "w", outcome },
        executionId: "e",
        seen: new Map(by.length === 0 ? [] : [["q", new Set(by)]]),
      },
    );
  expect(judged("succeeded", ["e"])).toEqual({ lost: [], twice: [] });
  expect(judged("cancelled", [], "cancelled")).toEqual({ lost: [], twice: [] });
  expect(judged("cancelled", []).lost).toHaveLength(1);
  expect(judged("failed", ["e"]).lost).toHaveLength(1);
  expect(judged("succeeded", []).lost).toHaveLength(1);
  expect(judged("succeeded", ["e", "f"]).twice).toHaveLength(1);
});

test("a rate is exceeded if more than its burst start before its interval has passed", () => {
  const queue: QueueCase = {
    workflow: "w",
    in: "code",
    slots: 1,
    flow: { rateLimit: { limit: 10, period: "PT1S", burst: 2 } },
  };
  const judged = (times: readonly number[]) =>
    judgeRate(
      queue,
      times.map((startedAt): Report => ({
        execution: "",
        names: [],
        startedAt,
        workflow: "w",
        key: "",
        workMs: 0,
      })),
    );
  expect(judged([0, 0, 100, 200, 1_000, 1_000])).toEqual([]);
  expect(judged([0, 0, 50])).toHaveLength(1);
  expect(judged([0, 0, 100, 200, 250])).toHaveLength(1);
});
