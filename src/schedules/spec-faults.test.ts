import { expect, test } from "vitest";
import type { ScheduleSpec } from "../domain/automation/schedule.ts";
import { specFaults } from "./spec-faults.ts";

test.each<[string, ScheduleSpec, string, string]>([
  ["without a source", {}, "", "Give at least one of `cron`, `every` and `at`"],
  ["with a pattern of four fields", { cron: ["* * * *"] }, "cron.0", "a pattern has 5 fields"],
  ["with a pattern of seven fields", { cron: ["0 0 0 1 1 * 2030"] }, "cron.0", "a pattern has 5 fields"],
  [
    "with an ISO 8601 time as a pattern",
    { cron: ["2027-01-01T00:00:00"] },
    "cron.0",
    "a pattern has 5 fields",
  ],
  ["with a day that does not exist", { cron: ["0 0 30 2 *"] }, "cron.0", "the pattern matches no date"],
  ["with an unknown zone", { every: "1m", timeZone: "Europe/Bonn" }, "timeZone", "not an IANA time zone"],
  ["with an offset as a zone", { every: "1m", timeZone: "+02:00" }, "timeZone", "not an IANA time zone"],
  ["with an interval below a second", { every: "999ms" }, "every", "The shortest interval is one second"],
  ["with a part of a millisecond", { every: "1000.3ms" }, "every", "not a whole number of milliseconds"],
  ["with an interval of months", { every: "P1M" }, "every", '"P1M" is not a duration'],
  ["with an offset beyond the interval", { every: "1m", offset: "1m" }, "offset", "not less than `every`"],
  ["with a local instant", { at: ["2027-01-01T00:00:00"] }, "at.0", "not an instant with its offset"],
  [
    "that ends before it starts",
    { every: "1m", startAt: "2027-01-02T00:00:00Z", endAt: "2027-01-01T00:00:00Z" },
    "endAt",
    "not after",
  ],
  [
    "that skips a day that does not exist",
    { every: "1m", skip: ["2027-02-30"] },
    "skip.0",
    '"2027-02-30" is not a date',
  ],
  ["with jitter that is no duration", { every: "1m", jitter: "some" }, "jitter", '"some" is not a duration'],
])("a specification %s is refused", (_, spec, path, message) => {
  const [fault] = specFaults(spec);
  expect(fault?.path.join(".")).toBe(path);
  expect(fault?.message).toContain(message);
});

test("a specification with everything is accepted", () => {
  expect(
    specFaults({
      cron: ["0 9 * * 1-5", "@hourly", "*/10 * * * * *"],
      every: "PT5M",
      offset: "30s",
      at: ["2027-01-01T00:00:00.5+01:00"],
      timeZone: "America/Argentina/Buenos_Aires",
      startAt: "2027-01-01T00:00:00Z",
      endAt: "2028-01-01T00:00:00Z",
      skip: ["2027-12-25", { from: "2027-12-31", to: "2028-01-01" }],
      jitter: "PT30S",
    }),
  ).toEqual([]);
});

test("patterns that match no date are refused without a long search", () => {
  const cron = Array.from(
    { length: 200 },
    (_, index) => `${index % 60} ${index % 24} 29 2 +MON#${1 + (index % 4)}`,
  );
  const before = process.cpuUsage();
  expect(specFaults({ cron }).map(({ message }) => message.split(": ").at(-1))).toEqual(
    cron.map(() => "the pattern matches no date"),
  );
  // It takes 0.1 s, and took 20 s when each of them was searched for centuries.
  expect(process.cpuUsage(before).user).toBeLessThan(3e6);
});
