import { describe, expect, test } from "vitest";
import { parseHttpDate, parseTimestamp } from "./time.ts";

const now = Date.UTC(2026, 0, 31, 9, 30);

describe("a timestamp of RFC 3339", () => {
  test.each([
    ["2026-01-31T09:30:00Z", now],
    ["2026-01-31T09:30:00.123Z", now + 123],
    ["2026-01-31T09:30:00.123456789Z", now + 123],
    ["2026-01-31t09:30:00z", now],
    ["2026-01-31T11:00:00+01:30", now],
    ["2026-01-31T09:30:00-00:00", now],
    ["0001-01-01T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["2016-12-31T23:59:60Z", Date.UTC(2016, 11, 31, 23, 59, 59)],
  ])("is read: %s", (text, time) => {
    expect(parseTimestamp(text)).toBe(time);
  });

  test.each([
    "",
    "1",
    "1.5",
    "2, 5",
    "2026",
    "2026-01-31",
    "2026-01-00T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T09:60:00Z",
    "2026-01-31T09:30:00",
    "2026-01-31T09:30Z",
    "2026-01-31T09:30:00+24:00",
    "2026-01-31T09:30:00.Z",
    " 2026-01-31T09:30:00Z",
    "2026-01-31T09:30:00Z (tomorrow)",
    "+002026-01-31T09:30:00Z",
    "Sat, 31 Jan 2026 09:30:00 GMT",
  ])("is not %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe("a date of HTTP", () => {
  test.each([
    ["Sat, 31 Jan 2026 09:30:00 GMT", now],
    ["Saturday, 31-Jan-26 09:30:00 GMT", now],
    ["Sat Jan 31 09:30:00 2026", now],
    ["Sun Nov  6 08:49:37 1994", Date.UTC(1994, 10, 6, 8, 49, 37)],
    ["Sunday, 06-Nov-94 08:49:37 GMT", Date.UTC(1994, 10, 6, 8, 49, 37)],
  ])("is read: %s", (text, time) => {
    expect(parseHttpDate(text, now)).toBe(time);
  });

  test.each([
    "1.5",
    "-3",
    "+2",
    "2, 5",
    "2026-01-31T09:30:00Z",
    "31 Jan 2026 09:30:00 GMT",
    "Sat, 31 Jan 2026 09:30:00 UTC",
    "Sat, 31 Jan 2026 09:30:00 +0100",
    "Sat, 30 Feb 2026 09:30:00 GMT",
    "Sat, 31 Foo 2026 09:30:00 GMT",
    "Sat, 31 Jan 2026 25:30:00 GMT",
    "Sat, 31 Jan 2026",
    "tomorrow",
    "",
  ])("is not %j", (text) => {
    expect(parseHttpDate(text, now)).toBeUndefined();
  });
});
