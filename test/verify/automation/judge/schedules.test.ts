import { expect, test } from "vitest";
import { judgeSchedule } from "./schedules.ts";
import type { WatchedSchedule } from "./schedules.ts";

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
