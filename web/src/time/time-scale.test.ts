import { describe, expect, test } from "vitest";
import { createTimeScale, labelledTicks } from "./time-scale.ts";

const done = (from: number, to: number) => ({ from, to, isWaiting: false });
const waited = (from: number, to: number) => ({ from, to, isWaiting: true });
const day = 86_400_000;

describe("the scale of a timeline", () => {
  test("an axis without long waits is linear", () => {
    const scale = createTimeScale([done(0, 100), waited(100, 150), done(150, 200)], 0, 200);
    expect([0, 50, 100, 200].map((time) => scale.at(time))).toEqual([0, 0.25, 0.5, 1]);
    expect(scale.breaks).toEqual([]);
  });

  test("a wait that would hide everything else becomes a break", () => {
    const scale = createTimeScale(
      [done(0, 50), waited(50, 3 * day), done(3 * day, 3 * day + 50)],
      0,
      3 * day + 50,
    );
    expect(scale.breaks).toMatchObject([{ from: 0.43, ms: 3 * day - 50 }]);
    expect(scale.at(50)).toBeCloseTo(0.43);
    expect(scale.at(3 * day)).toBeCloseTo(0.57);
  });

  test("a wait with work during it does not become a break", () => {
    const scale = createTimeScale([done(0, 60_000), waited(0, 60_000)], 0, 60_000);
    expect(scale.breaks).toEqual([]);
  });

  test("breaks take at most half of the axis", () => {
    const spans = Array.from({ length: 20 }, (_, day_) => [
      done(day_ * day, day_ * day + 10),
      waited(day_ * day + 10, (day_ + 1) * day),
    ]).flat();
    const { breaks } = createTimeScale(spans, 0, 20 * day);
    expect(breaks).toHaveLength(20);
    expect(breaks.reduce((sum, { from, to }) => sum + to - from, 0)).toBeCloseTo(0.5);
  });

  test("positions are monotonic and within the axis", () => {
    const scale = createTimeScale([done(5, 9), waited(9, day), done(7, 30)], 0, day);
    const places = [-100, 0, 5, 7, 9, 20, 30, 1_000, day, 2 * day].map((time) => scale.at(time));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect([places[0], places.at(-1)]).toEqual([0, 1]);
  });

  test("ticks are few, at round times, and outside of breaks", () => {
    const scale = createTimeScale([done(0, 430), waited(430, day), done(day, day + 300)], 0, day + 300);
    expect(scale.ticks.length).toBeLessThanOrEqual(9);
    for (const { at, ms } of scale.ticks) {
      expect(scale.breaks.some(({ from, to }) => at > from && at < to)).toBe(false);
      expect(ms % 100).toBe(0);
    }
  });

  test("the scale of ten thousand steps is computed quickly", () => {
    const spans = Array.from({ length: 10_000 }, (_, index) => done(index * 10, index * 10 + 5));
    const scale = createTimeScale(spans, 0, 100_000);
    expect(scale.at(50_000)).toBeCloseTo(0.5);
  });

  test("an axis without any duration is valid", () => {
    const scale = createTimeScale([], 10, 10);
    expect(scale.at(10)).toBe(0);
    expect(scale.ticks).toEqual([{ at: 0, ms: 0 }]);
  });
});

test("labels are unique, even after a long wait before close times", () => {
  const day = 86_400_000;
  const spans = [
    { from: 0, to: 20, isWaiting: false },
    { from: 20, to: 2 * day, isWaiting: true },
    { from: 2 * day, to: 2 * day + 500, isWaiting: false },
  ];
  const { ticks } = createTimeScale(spans, 0, 2 * day + 500);
  const labels = labelledTicks(ticks).map(({ label }) => label);
  expect(ticks.length).toBeGreaterThan(labels.length);
  expect(new Set(labels).size).toBe(labels.length);
});
