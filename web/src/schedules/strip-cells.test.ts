import { expect, test } from "vitest";
import { stripOf } from "./strip-cells.ts";

const daily = (from: string, count: number) =>
  Array.from({ length: count }, (_, day) => ({
    at: new Date(Date.parse(from) + day * 86_400_000).toISOString(),
  }));

test("daily runs are shown on days of the schedule's time zone", () => {
  // 23:30 UTC is the next day in Berlin.
  const { unit, cells } = stripOf(daily("2026-11-30T23:30:00Z", 10), [], {
    now: Date.parse("2026-11-30T12:00:00Z"),
    timeZone: "Europe/Berlin",
  });
  expect(unit).toBe("day");
  expect(cells).toHaveLength(14);
  expect(cells[0]).toMatchObject({ above: "Mon", label: "30", isNow: true, next: [] });
  expect(cells[1]).toMatchObject({ above: "Tue", label: "1", next: [{ at: "2026-11-30T23:30:00.000Z" }] });
  expect(cells.map(({ isUnknown }) => isUnknown).indexOf(true)).toBe(11);
});

test("a day with a clock change is one cell", () => {
  const { cells } = stripOf(daily("2027-03-27T08:00:00Z", 10), [], {
    now: Date.parse("2027-03-26T23:30:00Z"),
    timeZone: "Europe/Berlin",
  });
  expect(cells.map(({ label }) => label)).toEqual([
    "27",
    "28",
    "29",
    "30",
    "31",
    ...Array.from({ length: 9 }, (_, day) => String(day + 1)),
  ]);
});

test("frequent runs are shown on minutes, with the past ones before", () => {
  const now = Date.parse("2026-11-30T12:00:30Z");
  const next = Array.from({ length: 10 }, (_, index) => ({
    at: new Date(now + index * 60_000).toISOString(),
  }));
  const recent = [
    { scheduledAt: "2026-11-30T11:59:30.000Z", reason: "schedule", outcome: "started" } as const,
  ];
  const { unit, cells } = stripOf(next, recent, { now, timeZone: "UTC" });
  expect(unit).toBe("minute");
  expect(cells.find(({ isNow }) => isNow)?.label).toBe("12:00");
  expect(cells.find(({ past }) => past.length > 0)?.label).toBe("11:59");
});
