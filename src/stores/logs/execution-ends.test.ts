import { expect, test } from "vitest";
import type { WorkflowId } from "../../domain/ids.ts";
import { openSqlite } from "../sql/sqlite.ts";
import { endNumbered, failureNumbered } from "../testing/log-lines.ts";
import { countedSlots, createExecutionCountStore, percentileOf } from "./execution-counts.ts";
import { createExecutionEndStore } from "./execution-ends.ts";
import { createFailureStore } from "./failures.ts";

const refunds = "refunds" as WorkflowId;

test("the end of an execution is stored and counted as it was reported first", () => {
  using database = openSqlite(":memory:");
  const store = createExecutionEndStore(database);
  const [first, second] = [endNumbered(1), endNumbered(2)];
  store.append([first]);
  store.append([{ ...first, fuelUsed: 1 }, second]);
  expect(store.get(first.executionId)).toEqual({ ...first, sequence: 1 });
  expect(store.get(second.executionId)).toMatchObject({ fuelUsed: 2e9 });
  expect(store.get(endNumbered(3).executionId)).toBeUndefined();
  const range = { slotMs: countedSlots.minuteMs, from: 0, to: 60_000 };
  expect(createExecutionCountStore(database).sums(range)).toMatchObject([{ outcome: "completed", count: 2 }]);
});

test("old ends are removed a few at a time, the oldest first, and no sequence is assigned twice", () => {
  using database = openSqlite(":memory:");
  const store = createExecutionEndStore(database);
  const numbers = [3, 2, 1];
  store.append(numbers.map((number) => endNumbered(number)));
  const kept = () => numbers.filter((number) => store.get(endNumbered(number).executionId) !== undefined);
  store.removeBefore(3, 1);
  expect(kept()).toEqual([3, 2]);
  store.removeBefore(4, 10);
  expect(kept()).toEqual([]);
  store.append([endNumbered(4)]);
  expect(store.newest()).toBeGreaterThan(3);
});

test("the latest executions of a workflow leave out cancelled ones and other workflows", () => {
  using database = openSqlite(":memory:");
  const store = createExecutionEndStore(database);
  store.append([
    failureNumbered(1),
    failureNumbered(2),
    endNumbered(3, { outcome: "cancelled" }),
    failureNumbered(4, { workflowId: refunds }),
    endNumbered(5),
  ]);
  const latest = store.latest("orders" as WorkflowId, { after: 1, upTo: 4, limit: 10 });
  expect(latest.map(({ endedAt }) => endedAt)).toEqual([2]);
  expect(store.after(3, 1).map(({ endedAt }) => endedAt)).toEqual([4]);
});

test("executions are counted by minute and hour, and percentiles are exact to a few per cent", () => {
  using database = openSqlite(":memory:");
  const durations = Array.from({ length: 100 }, (_, index) => (index + 1) * 10);
  const ends = durations.map((duration, index) =>
    endNumbered(7_200_000 + index, { startedAt: 7_200_000 + index - duration }),
  );
  createExecutionEndStore(database).append([...ends, failureNumbered(7_259_999), endNumbered(7_260_000)]);
  const counts = createExecutionCountStore(database);
  const { minuteMs } = countedSlots;
  const minute = counts.slots({ slotMs: minuteMs, groupMs: minuteMs, from: 7_200_000, to: 7_260_000 });
  expect(minute.reduce((sum, { count }) => sum + count, 0)).toBe(101);
  expect(Math.abs((percentileOf(minute, 0.5) ?? 0) / 500 - 1)).toBeLessThan(0.06);
  expect(Math.abs((percentileOf(minute, 0.95) ?? 0) / 950 - 1)).toBeLessThan(0.06);
  expect(
    percentileOf(
      minute.filter(({ outcome }) => outcome === "failed"),
      0.5,
    ),
  ).toBeUndefined();
  const hour = { slotMs: countedSlots.hourMs, from: 7_200_000, to: 10_800_000 };
  expect(counts.sums(hour).reduce((sum, { count }) => sum + count, 0)).toBe(102);
  const quarters = counts.slots({ ...hour, slotMs: minuteMs, groupMs: 15 * minuteMs });
  expect([...new Set(quarters.map(({ at }) => at))]).toEqual([7_200_000]);
  expect(counts.sums({ ...hour, workflowIds: [refunds] })).toEqual([]);
  counts.removeBefore(countedSlots.hourMs, 10_800_000);
  expect(counts.sums(hour)).toEqual([]);
});

test("failures are grouped by cause, the one that was seen last first, a page at a time", () => {
  using database = openSqlite(":memory:");
  createExecutionEndStore(database).append([
    failureNumbered(1, { version: 2 }),
    failureNumbered(2, { failureId: "b", workflowId: refunds }),
    failureNumbered(3),
    failureNumbered(4, { failureId: "c", version: null }),
    endNumbered(5),
  ]);
  const store = createFailureStore(database);
  const first = store.list({}, { limit: 2 });
  expect(first.items).toMatchObject([
    { failureId: "c", count: 1, versions: [] },
    { failureId: "0123456789abcdef", count: 2, firstSeen: 1, lastSeen: 3, versions: [1, 2] },
  ]);
  expect(first.items[1]?.latest.map(({ endedAt }) => endedAt)).toEqual([3, 1]);
  expect(store.list({}, { limit: 2, after: first.next }).items).toMatchObject([{ failureId: "b" }]);
  expect(store.list({ workflowIds: [refunds] }, { limit: 2 }).items).toMatchObject([{ failureId: "b" }]);
  expect(store.list({ since: 2 }, { limit: 9 }).items[1]).toMatchObject({ count: 1, firstSeen: 3 });
  expect(store.executions({ failureId: "b" }, 10)).toHaveLength(1);
});

test("a list of failures groups a bounded number of the latest ones", () => {
  using database = openSqlite(":memory:");
  const ends = createExecutionEndStore(database);
  for (let from = 0; from < 25_000; from += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, index) => from + index);
    ends.append(numbers.map((number) => failureNumbered(number, number < 3_000 ? { failureId: "old" } : {})));
  }
  const { items } = createFailureStore(database).list({}, { limit: 10 });
  expect(items).toMatchObject([{ failureId: "0123456789abcdef", count: 20_000, lastSeen: 24_999 }]);
});
