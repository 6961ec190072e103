import { describe, expect, test } from "vitest";
import type { QueueCase, QueuedCase } from "../queue-workload.ts";
import { judgeQueued, judgeReplaced } from "./queued.ts";
import type { End } from "./queued.ts";

const queue: QueueCase = { workflow: "w", in: "code", slots: 1, keys: 1, parts: 1, flow: {} };
const debounced: QueueCase = { ...queue, flow: { debounce: { period: "PT1S" } } };
const single: QueueCase = { ...queue, flow: { singleton: {} } };
const replacing: QueueCase = { ...queue, flow: { singleton: { mode: "cancel-running" } } };
const batched: QueueCase = { ...queue, flow: { batch: { size: 2, period: "PT1S" } } };
const purged: QueueCase = { ...queue, isPurged: true };

interface Known {
  readonly end?: Partial<End>;
  readonly fate?: QueuedCase["fate"];
  readonly key?: string;
  /** The executions that ran it. */
  readonly ranAs?: readonly string[];
}

/** Observations of executions by id. Each is a case with the name `of-<id>`; `judged` is the one that is looked at. */
function observed(executions: Readonly<Record<string, Known>>) {
  const known = Object.entries(executions);
  return {
    seen: new Map(
      known.flatMap(([id, { ranAs = [] }]) =>
        ranAs.length === 0 ? [] : [[`of-${id}`, new Set(ranAs)] as const],
      ),
    ),
    ends: new Map(
      known.flatMap(([id, { end }]) =>
        end === undefined ? [] : [[id, { workflow: "w", outcome: "succeeded" as const, ...end }] as const],
      ),
    ),
    cases: new Map(
      known
        .filter(([, { end }]) => end?.retryOf === undefined)
        .map(([id, { fate = "runs", key = "" }]): [string, QueuedCase] => [
          id,
          { name: `of-${id}`, workflow: "w", key, workMs: 0, parts: 1, fate, fateAfterMs: 0 },
        ]),
    ),
  };
}

function judged(of: QueueCase, executions: Readonly<Record<string, Known>>) {
  const { lost, twice } = judgeQueued(of, "e", observed(executions));
  return { lost: lost.length, twice: twice.length };
}

function skipped(reason: End["reason"], by?: string): Known {
  return { end: { outcome: "skipped", reason, by } };
}

const well = { lost: 0, twice: 0 };

describe("a queued execution", () => {
  test("that succeeded ran once", () => {
    expect(judged(queue, { e: { end: {}, ranAs: ["e"] } })).toEqual(well);
    expect(judged(queue, { e: { end: {} } }).lost).toBe(1);
    expect(judged(queue, { e: { end: {}, ranAs: ["e", "f"] } }).twice).toBe(1);
  });

  test("ends only as its fate says", () => {
    for (const outcome of ["cancelled", "killed"] as const) {
      expect(judged(queue, { e: { end: { outcome }, fate: outcome } })).toEqual(well);
      expect(judged(queue, { e: { end: { outcome } } }).lost).toBe(1);
    }
    expect(judged(queue, { e: { end: { outcome: "failed" }, ranAs: ["e"] } }).lost).toBe(1);
    expect(judged(queue, { e: { end: { outcome: "running" }, fate: "paused", ranAs: ["e"] } }).lost).toBe(1);
    expect(judged(queue, { e: { end: {}, fate: "paused", ranAs: ["e"] } })).toEqual(well);
  });

  test("that is missing in Restate was deleted there on purpose", () => {
    expect(judged(queue, { e: { fate: "purged" } })).toEqual(well);
    expect(judged(queue, { e: {} }).lost).toBe(1);
    expect(judged(queue, { e: { end: {}, fate: "purged", ranAs: ["e"] } }).lost).toBe(1);
  });

  test("that failed on purpose has one retry, which succeeded", () => {
    const e: Known = { end: { outcome: "failed" }, fate: "retried", ranAs: ["e"] };
    const r: Known = { end: { retryOf: "e" } };
    expect(judged(queue, { e, r })).toEqual(well);
    expect(judged(queue, { e }).lost).toBe(1);
    expect(judged(queue, { e, r: { end: { retryOf: "e", outcome: "running" } } }).lost).toBe(1);
    expect(judged(queue, { e, r, s: r }).twice).toBe(1);
  });

  test("is skipped only where flow control or an operator skips, for the reason that fits", () => {
    const ran: Known = { end: {}, ranAs: ["f"] };
    expect(judged(queue, { e: skipped("purge") }).lost).toBe(1);
    expect(judged(purged, { e: skipped("purge") })).toEqual(well);
    expect(judged(purged, { e: skipped("debounce", "f"), f: ran }).lost).toBe(1);
    expect(judged(debounced, { e: skipped("debounce", "f"), f: ran })).toEqual(well);
    expect(judged(debounced, { e: skipped("singleton", "f"), f: ran }).lost).toBe(1);
    expect(judged(single, { e: skipped("singleton", "f"), f: ran })).toEqual(well);
  });

  test("that is skipped never ran", () => {
    const end: End = { workflow: "w", outcome: "skipped", reason: "singleton", by: "f" };
    expect(judged(single, { e: { end, ranAs: ["e"] }, f: { end: {}, ranAs: ["f"] } }).twice).toBe(1);
  });

  test("that is skipped names one with its key that ran, or one that stands for that", () => {
    const ran: Known = { end: {}, ranAs: ["g"] };
    expect(judged(debounced, { e: skipped("debounce", "f"), f: skipped("debounce", "g"), g: ran })).toEqual(
      well,
    );
    expect(
      judged(debounced, { e: skipped("debounce", "f"), f: skipped("debounce", "g"), g: { end: {} } }).lost,
    ).toBe(1);
    expect(judged(debounced, { e: skipped("debounce", "f"), f: skipped("debounce", "e") }).lost).toBe(1);
    expect(judged(debounced, { e: skipped("debounce", "g"), g: { ...ran, key: "other" } }).lost).toBe(1);
    expect(judged(debounced, { e: skipped("debounce", "unknown") }).lost).toBe(1);
  });

  test("that is part of a batch was run by the execution that it names", () => {
    const e: Known = { end: { outcome: "skipped", reason: "batch", by: "f" }, ranAs: ["f"] };
    const f: Known = { end: {}, ranAs: ["f"] };
    expect(judged(batched, { e, f })).toEqual(well);
    expect(judged(batched, { e: { ...e, ranAs: ["g"] }, f }).lost).toBe(1);
  });

  test("is cancelled by a singleton that cancels, but not all of a key are", () => {
    const cancelled: Known = { end: { outcome: "cancelled" } };
    expect(judged(replacing, { e: cancelled })).toEqual(well);
    expect(judged(single, { e: cancelled }).lost).toBe(1);
    expect(judged(replacing, { e: { end: { outcome: "killed" } } })).toEqual(well);
    expect(judged(single, { e: { end: { outcome: "killed" } } }).lost).toBe(1);
    expect(judgeReplaced(replacing, observed({ e: cancelled, f: { end: {} } }))).toEqual([]);
    expect(judgeReplaced(replacing, observed({ e: cancelled, f: cancelled }))).toHaveLength(1);
    expect(judgeReplaced(replacing, observed({ e: cancelled, f: { end: {}, key: "b" } }))).toHaveLength(1);
  });
});
