import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { findAllDue, findDue } from "./due-instants.ts";
import { createRecurrence } from "./recurrence.ts";

const hourly = createRecurrence({ every: "PT1H" });
const hourMs = 3_600_000;

test("instants in the catch-up window are run, and earlier ones are counted as missed", () => {
  const due = findDue(hourly, { last: 0, now: 10.5 * hourMs, catchUpMs: 3 * hourMs });
  expect(due).toEqual({
    instants: [8, 9, 10].map((hour) => hour * hourMs),
    missed: 7,
    last: 10.5 * hourMs,
    hasMore: false,
  });
});

test("a clock that was set back repeats no instant", () => {
  expect(findDue(hourly, { last: 10 * hourMs, now: 2 * hourMs, catchUpMs: hourMs })).toEqual({
    instants: [],
    missed: 0,
    last: 10 * hourMs,
    hasMore: false,
  });
});

test("a long outage is counted without blocking the thread, and one look counts a bounded number", async () => {
  const everySecond = createRecurrence({ every: "1s" });
  let others = 0;
  const timer = setInterval(() => (others += 1), 1);
  const due = await findAllDue(everySecond, { last: 0, now: 366 * 24 * hourMs, catchUpMs: hourMs });
  clearInterval(timer);
  expect(due).toMatchObject({ instants: [], missed: 20_000, last: 20_000_000, hasMore: true });
  expect(others).toBeGreaterThan(0);
});

test("over any sequence of looks, each instant is run or missed exactly once, in order", () => {
  const everySecond = createRecurrence({ every: "1s" });
  const looks = array(
    record({
      afterMs: integer({ min: 0, max: 200_000 }),
      catchUpMs: integer({ min: 0, max: 300_000 }),
    }),
  );
  assert(
    property(looks, (steps) => {
      let [last, now, missed] = [0, 0, 0];
      const run: number[] = [];
      for (const { afterMs, catchUpMs } of steps) {
        now += afterMs;
        for (let hasMore = true; hasMore;) {
          const due = findDue(everySecond, { last, now, catchUpMs });
          ({ last, hasMore } = due);
          missed += due.missed;
          run.push(...due.instants);
        }
      }
      expect(run.length + missed).toBe(Math.floor(now / 1_000));
      expect(run).toEqual([...new Set(run)].toSorted((a, b) => a - b));
    }),
  );
});
