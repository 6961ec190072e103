import { describe, expect, test } from "vitest";
import type { ScheduleSpec } from "../domain/automation/schedule.ts";
import { maxCronPatterns, maxScheduleDates } from "../domain/limits.ts";
import { createRecurrence, nextOccurrences } from "./recurrence.ts";
import { specFaults } from "./spec-faults.ts";

function instants(spec: ScheduleSpec, from: string, count: number): string[] {
  return nextOccurrences(createRecurrence(spec), Date.parse(from), count).map(({ at }) =>
    new Date(at).toISOString().replace(":00.000Z", "Z"),
  );
}

const zones = [
  // Clocks go from 02:00 to 03:00, and from 03:00 to 02:00.
  [
    "Europe/Berlin",
    "30 2 * * *",
    "2027-03-27T00:00:00Z",
    ["2027-03-27T01:30Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z"],
  ],
  [
    "Europe/Berlin",
    "30 2 * * *",
    "2027-10-30T00:00:00Z",
    ["2027-10-30T00:30Z", "2027-10-31T00:30Z", "2027-11-01T01:30Z"],
  ],
  // Clocks go from 02:00 to 03:00, and from 02:00 to 01:00.
  [
    "America/New_York",
    "15 2 * * *",
    "2027-03-13T00:00:00Z",
    ["2027-03-13T07:15Z", "2027-03-14T07:00Z", "2027-03-15T06:15Z"],
  ],
  [
    "America/New_York",
    "15 1 * * *",
    "2027-11-06T00:00:00Z",
    ["2027-11-06T05:15Z", "2027-11-07T05:15Z", "2027-11-08T06:15Z"],
  ],
  // By half an hour: from 02:00 to 02:30, and from 02:00 to 01:30.
  [
    "Australia/Lord_Howe",
    "15 2 * * *",
    "2027-10-02T00:00:00Z",
    ["2027-10-02T15:30Z", "2027-10-03T15:15Z", "2027-10-04T15:15Z"],
  ],
  [
    "Australia/Lord_Howe",
    "45 1 * * *",
    "2027-04-02T20:00:00Z",
    ["2027-04-03T14:45Z", "2027-04-04T15:15Z", "2027-04-05T15:15Z"],
  ],
] as const;

describe("a clock change", () => {
  test.each(zones)(
    "in %s: %s after %s runs once a day, at the documented instant",
    (timeZone, cron, from, expected) => {
      expect(instants({ cron: [cron], timeZone }, from, 3)).toEqual(expected);
    },
  );

  test("is noted with the occurrence", () => {
    const recurrence = createRecurrence({ cron: ["30 2 * * *"], timeZone: "Europe/Berlin" });
    expect(recurrence.next(Date.parse("2027-03-27T12:00:00Z"))?.clockChange).toEqual({
      kind: "skipped",
      local: Date.parse("2027-03-28T02:30:00Z"),
    });
    expect(recurrence.next(Date.parse("2027-10-30T12:00:00Z"))?.clockChange).toEqual({
      kind: "repeated",
      local: Date.parse("2027-10-31T02:30:00Z"),
    });
  });

  test("in spring merges what falls into the skipped hour with the hour after it", () => {
    const spec = { cron: ["*/30 * * * *"], timeZone: "Europe/Berlin" };
    expect(instants(spec, "2027-03-28T00:10:00Z", 4)).toEqual([
      "2027-03-28T00:30Z",
      "2027-03-28T01:00Z",
      "2027-03-28T01:30Z",
      "2027-03-28T02:00Z",
    ]);
  });

  test("in autumn runs each local time of the repeated hour once, also if asked during the second pass", () => {
    const spec = { cron: ["*/30 * * * *"], timeZone: "Europe/Berlin" };
    const expected = ["2027-10-31T00:30Z", "2027-10-31T02:00Z", "2027-10-31T02:30Z"];
    expect(instants(spec, "2027-10-31T00:10:00Z", 3)).toEqual(expected);
    expect(instants(spec, "2027-10-31T01:10:00Z", 2)).toEqual(expected.slice(1));
  });

  test("has no effect on an interval", () => {
    expect(instants({ every: "PT1H", timeZone: "Europe/Berlin" }, "2027-10-31T00:10:00Z", 3)).toEqual([
      "2027-10-31T01:00Z",
      "2027-10-31T02:00Z",
      "2027-10-31T03:00Z",
    ]);
  });

  test("of a whole day runs the skipped day at its end", () => {
    // Samoa had no 30 December 2011.
    const spec = { cron: ["0 9 * * *"], timeZone: "Pacific/Apia" };
    expect(instants(spec, "2011-12-29T20:00:00Z", 3)).toEqual([
      "2011-12-30T10:00Z",
      "2011-12-30T19:00Z",
      "2011-12-31T19:00Z",
    ]);
  });
});

describe("a specification", () => {
  test.each<[string, ScheduleSpec, string[]]>([
    ["seconds", { cron: ["30 0 12 * * *"] }, ["2027-01-01T12:00:30.000Z"]],
    ["names and ranges", { cron: ["0 9 * JAN MON-FRI"] }, ["2027-01-01T09:00Z", "2027-01-04T09:00Z"]],
    ["the last day of the month", { cron: ["0 0 L * *"] }, ["2027-01-31T00:00Z", "2027-02-28T00:00Z"]],
    ["the second Monday", { cron: ["0 0 * * MON#2"] }, ["2027-01-11T00:00Z", "2027-02-08T00:00Z"]],
    ["the last Friday", { cron: ["0 0 * * FRI#L"] }, ["2027-01-29T00:00Z", "2027-02-26T00:00Z"]],
    ["a nickname", { cron: ["@monthly"] }, ["2027-02-01T00:00Z", "2027-03-01T00:00Z"]],
    [
      "several patterns, equal instants once",
      { cron: ["0 9 * * *", "0 9,17 * * *"] },
      ["2027-01-01T09:00Z", "2027-01-01T17:00Z"],
    ],
    [
      "an interval with an offset",
      { every: "P1D", offset: "PT6H" },
      ["2027-01-01T06:00Z", "2027-01-02T06:00Z"],
    ],
    [
      "explicit instants in any order",
      { at: ["2027-06-01T00:00:00+02:00", "2027-05-01T00:00:00Z"] },
      ["2027-05-01T00:00Z", "2027-05-31T22:00Z"],
    ],
    ["a start", { every: "PT1H", startAt: "2027-03-01T00:00:00Z" }, ["2027-03-01T00:00Z"]],
    [
      "skipped dates, in local time",
      {
        cron: ["0 0 * * *"],
        timeZone: "Asia/Tokyo",
        skip: ["2027-01-02", { from: "2027-01-03", to: "2027-01-05" }],
      },
      ["2027-01-05T15:00Z"],
    ],
  ])("has %s", (_, spec, expected) => {
    expect(instants(spec, "2027-01-01T00:00:00Z", expected.length)).toEqual(expected);
  });

  test("ends before endAt, and after its last instant", () => {
    expect(
      instants({ every: "PT1H", endAt: "2027-01-01T02:00:00Z" }, "2027-01-01T00:00:00Z", 5),
    ).toHaveLength(1);
    expect(instants({ at: ["2027-01-01T02:00:00Z"] }, "2027-01-01T02:00:00Z", 5)).toEqual([]);
  });

  test("with decimal parts has whole milliseconds", () => {
    const recurrence = createRecurrence({ every: "1.1s", skip: ["2027-01-02"], timeZone: "Europe/Berlin" });
    const found = nextOccurrences(recurrence, Date.parse("2027-01-01T00:00:00Z"), 20).map(({ at }) => at);
    expect(found.filter((at) => !Number.isInteger(at) || at % 1_100 !== 0)).toEqual([]);
  });

  test("whose instants are all too far ahead ends", () => {
    const spec = { every: "1s", startAt: "9999-12-31T23:59:58Z" };
    expect(instants(spec, "2027-01-01T00:00:00Z", 5)).toEqual([]);
  });

  test.each<[string, ScheduleSpec]>([
    [
      "every second day skipped",
      {
        cron: Array.from({ length: maxCronPatterns }, (_, index) => `${index} ${index} 0 * * *`),
        skip: datesFrom("2027-01-01", 2 * 86_400_000, maxScheduleDates),
        timeZone: "Europe/Berlin",
      },
    ],
    [
      "patterns that match only skipped dates",
      {
        cron: Array.from({ length: maxCronPatterns }, (_, index) => `${index} 0 29 2 +MON`),
        skip: leapMondays(),
      },
    ],
  ])("with %s is searched in bounded time", (_, spec) => {
    expect(specFaults(spec)).toEqual([]);
    const before = process.cpuUsage();
    nextOccurrences(createRecurrence(spec), Date.parse("2027-01-01T00:00:00Z"), 10);
    // It takes 0.1 s, and took 17 s when each step of the search evaluated all patterns until the year 9999.
    expect(process.cpuUsage(before).user).toBeLessThan(4e6);
  });

  test("whose every instant is skipped ends in bounded time", () => {
    const skip = [{ from: "2000-01-01", to: "9999-12-31" }];
    expect(instants({ every: "1s", skip, endAt: "9999-12-31T23:59:59Z" }, "2027-01-01T00:00:00Z", 1)).toEqual(
      [],
    );
  });
});

function datesFrom(first: string, stepMs: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(first) + index * stepMs).toISOString().slice(0, 10),
  );
}

/** The days that are both a 29 February and a Monday, as far as a specification can list them. */
function leapMondays(): string[] {
  const years = Array.from({ length: 1_900 }, (_, index) => 2028 + 4 * index);
  const days = years.map((year) => new Date(Date.UTC(year, 1, 29)));
  const mondays = days.filter((day) => day.getUTCMonth() === 1 && day.getUTCDay() === 1);
  return mondays.map((day) => day.toISOString().slice(0, 10)).slice(0, maxScheduleDates);
}
