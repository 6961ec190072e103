import { expect, test } from "vitest";
import type { WorkflowId } from "../../domain/ids.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";
import { endNumbered, executionNumbered, failureNumbered } from "../testing/log-lines.ts";
import { sinkOf } from "../testing/log-sinks.ts";
import { countedSlots, createExecutionCountStore, percentileOf } from "./execution-counts.ts";
import { createExecutionEndStore, selectEndsAfter, selectLatestEnds } from "./execution-ends.ts";
import { createFailureStore } from "./failures.ts";

const orders = "orders" as WorkflowId;
const refunds = "refunds" as WorkflowId;

describeOnEachDatabase("the stores of ended executions", (open) => {
  test("the end of an execution is stored and counted as it was reported first", async () => {
    await using database = await open();
    const [store, sink] = [createExecutionEndStore(database), sinkOf(database)];
    const [first, second] = [endNumbered(1), endNumbered(2, { message: "half a pair: \ud800, and \0" })];
    await sink.append([first]);
    await sink.append([{ ...first, fuelUsed: 1 }, second, { ...second, fuelUsed: 1 }]);
    expect(await store.get(first.executionId)).toMatchObject(first);
    expect(await store.get(second.executionId)).toMatchObject({ fuelUsed: 2e9 });
    expect(await store.get(executionNumbered(3))).toBeUndefined();
    expect(await store.known([1, 2, 3].map(executionNumbered))).toEqual(
      new Set([first.executionId, second.executionId]),
    );
    const range = { slotMs: countedSlots.minuteMs, from: 0, to: 60_000 };
    expect(await createExecutionCountStore(database).sums(range)).toMatchObject([
      { outcome: "completed", count: 2 },
    ]);
  });

  test("old ends are removed a few at a time, the oldest first, and no sequence is assigned twice", async () => {
    await using database = await open();
    const [store, sink] = [createExecutionEndStore(database), sinkOf(database)];
    const numbers = [3, 2, 1];
    await sink.append(numbers.map((number) => endNumbered(number)));
    const newest = await store.newest();
    const kept = async () => {
      const known = await store.known(numbers.map(executionNumbered));
      return numbers.filter((number) => known.has(executionNumbered(number)));
    };
    await sink.removeEnds(3, 1);
    expect(await kept()).toEqual([3, 2]);
    await sink.removeEnds(4, 10);
    expect(await kept()).toEqual([]);
    await sink.append([endNumbered(4)]);
    expect(await store.newest()).toBeGreaterThan(newest);
    expect(await store.latestEnd()).toBe(4);
  });

  test("the latest executions of a workflow leave out cancelled ones and other workflows", async () => {
    await using database = await open();
    const [store, sink] = [createExecutionEndStore(database), sinkOf(database)];
    await sink.append([
      failureNumbered(1),
      failureNumbered(2),
      endNumbered(3, { outcome: "cancelled" }),
      failureNumbered(4, { workflowId: refunds }),
      endNumbered(5),
    ]);
    const sequenceOf = async (number: number) => (await store.get(executionNumbered(number)))?.sequence ?? 0;
    const { queries, tables } = database;
    const range = { after: await sequenceOf(1), upTo: await sequenceOf(4), limit: 10 };
    const latest = await selectLatestEnds(queries, tables, orders, range);
    expect(latest.map(({ endedAt }) => endedAt)).toEqual([2]);
    const next = await selectEndsAfter(queries, tables, await sequenceOf(3), 1);
    expect(next.map(({ endedAt }) => endedAt)).toEqual([4]);
  });

  test("a reader that continues after the last sequence misses none of the ends that several executors store", async () => {
    await using database = await open();
    const sink = sinkOf(database);
    const { queries, tables } = database;
    const seen: number[] = [];
    let after = await createExecutionEndStore(database).newest();
    const read = async () => {
      for (const end of await selectEndsAfter(queries, tables, after, 1_000)) {
        seen.push(end.endedAt);
        after = end.sequence;
      }
    };
    const numbers = Array.from({ length: 400 }, (_, number) => number + 1);
    const batches = Map.groupBy(numbers, (number) => number % 80);
    const left = new Set(batches.keys());
    const storing = batches.entries().map(async ([key, batch]) => {
      await sink.append(batch.map((number) => endNumbered(number)));
      left.delete(key);
    });
    await Promise.all([...storing, readWhile(read, () => left.size > 0)]);
    await read();
    expect(seen.toSorted((one, other) => one - other)).toEqual(numbers);
    const range = { slotMs: countedSlots.minuteMs, from: 0, to: 60_000 };
    expect(await createExecutionCountStore(database).sums(range)).toMatchObject([{ count: 400 }]);
  });

  test("executions are counted by minute and hour, and percentiles are exact to a few per cent", async () => {
    await using database = await open();
    const durations = Array.from({ length: 100 }, (_, index) => (index + 1) * 10);
    const ends = durations.map((duration, index) =>
      endNumbered(7_200_000 + index, { startedAt: 7_200_000 + index - duration }),
    );
    await sinkOf(database).append([...ends, failureNumbered(7_259_999), endNumbered(7_260_000)]);
    const counts = createExecutionCountStore(database);
    const { minuteMs } = countedSlots;
    const minute = await counts.slots({
      slotMs: minuteMs,
      groupMs: minuteMs,
      from: 7_200_000,
      to: 7_260_000,
    });
    expect(sumOf(minute)).toBe(101);
    expect(Math.abs((percentileOf(minute, 0.5) ?? 0) / 500 - 1)).toBeLessThan(0.06);
    expect(Math.abs((percentileOf(minute, 0.95) ?? 0) / 950 - 1)).toBeLessThan(0.06);
    const failed = minute.filter(({ outcome }) => outcome === "failed");
    expect(percentileOf(failed, 0.5)).toBeUndefined();
    const hour = { slotMs: countedSlots.hourMs, from: 7_200_000, to: 10_800_000 };
    expect(sumOf(await counts.sums(hour))).toBe(102);
    const quarters = await counts.slots({ ...hour, slotMs: minuteMs, groupMs: 15 * minuteMs });
    expect([...new Set(quarters.map(({ at }) => at))]).toEqual([7_200_000]);
    expect(await counts.sums({ ...hour, workflowIds: [refunds] })).toEqual([]);
    await counts.removeBefore(countedSlots.hourMs, 10_800_000);
    expect(await counts.sums(hour)).toEqual([]);
  });

  test("failures are grouped by cause, the one that was seen last first, a page at a time", async () => {
    await using database = await open();
    await sinkOf(database).append([
      failureNumbered(1, { version: 12 }),
      failureNumbered(2, { failureId: "b", workflowId: refunds }),
      failureNumbered(3, { version: 2 }),
      failureNumbered(4, { failureId: "c", version: null }),
      endNumbered(5),
      ...[6, 7, 8, 9, 10, 11].map((number) => failureNumbered(number, { failureId: "d", version: 2 })),
    ]);
    const store = createFailureStore(database);
    const first = await store.list({}, { limit: 3 });
    expect(first.items).toMatchObject([
      { failureId: "d", count: 6, versions: [2] },
      { failureId: "c", count: 1, versions: [] },
      { failureId: "0123456789abcdef", count: 2, firstSeen: 1, lastSeen: 3, versions: [2, 12] },
    ]);
    const latest = first.items.map((group) => group.latest.map(({ endedAt }) => endedAt));
    expect(latest).toEqual([[11, 10, 9, 8, 7], [4], [3, 1]]);
    const next = await store.list({}, { limit: 3, after: first.next });
    expect(next.items).toMatchObject([{ failureId: "b" }]);
    const ofRefunds = await store.list({ workflowIds: [refunds] }, { limit: 2 });
    expect(ofRefunds.items).toMatchObject([{ failureId: "b" }]);
    const recent = await store.list({ since: 2 }, { limit: 9 });
    expect(recent.items[2]).toMatchObject({ count: 1, firstSeen: 3 });
    expect(await store.executions({ failureId: "b" }, 10)).toEqual([executionNumbered(2)]);
    const latestOf = await store.latest([orders, refunds, "none" as WorkflowId]);
    expect([...latestOf].map(([workflowId, { endedAt }]) => [workflowId, endedAt])).toEqual([
      [orders, 11],
      [refunds, 2],
    ]);
  });

  test("a list of failures groups a bounded number of the latest ones", async () => {
    await using database = await open();
    const sink = sinkOf(database);
    for (let from = 0; from < 25_000; from += 5_000) {
      const numbers = Array.from({ length: 5_000 }, (_, index) => from + index);
      await sink.append(
        numbers.map((number) => failureNumbered(number, number < 3_000 ? { failureId: "old" } : {})),
      );
    }
    const { items } = await createFailureStore(database).list({}, { limit: 10 });
    expect(items).toMatchObject([{ failureId: "0123456789abcdef", count: 20_000, lastSeen: 24_999 }]);
  });
});

async function readWhile(read: () => Promise<void>, isStoring: () => boolean): Promise<void> {
  while (isStoring()) await read();
}

function sumOf(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
