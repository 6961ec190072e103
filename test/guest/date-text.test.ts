import { beforeAll, describe, expect, test } from "vitest";
import { parseDateText } from "../../src/guest/runtime/date-text.ts";
import { randomOf } from "./sweep/inputs.ts";

const parts =
  "2026|26|5|05|12|31|32|00|0|1|13|1999|99|49|50|60|24|23|59|123| |  |\t|,|.|-|-|/|/|:|:|:|::|+|+0200|-05:30|Z|z|T|t|UTC|GMT|GMT+2|EST|pdt|(x)|(|)|May|may|January|Sept|Mon|Monday|am|PM|p.m.|of|é|_|[|=|&|Item|th|2026-01-05|05/06/2026|10:20|10:20:30|10:20:30.5|00:00|.5|2026-1-5|5 May 2026|T10:20|T10:20:30.5Z|T24:00|T10:20+0530|t1020|-01|-02-30|-000001".split(
    "|",
  );

// Where no zone is named, it is the machine's.
beforeAll(() => {
  process.env["TZ"] = "UTC";
});

describe("Date.parse", () => {
  test.each([
    "Thu, 01 Jan 1970 00:00:05 GMT",
    "May 2026",
    "2026-02-30",
    "2026-01-00",
    "2026-1-5 3:04 pm",
    "Monday, 5 January 2026 10:20:30.250 +0200",
    "05/06/2026",
    "5-May-26",
    "Created: May 5, 2026 (in the morning) 11:59 PM EST",
    "2026-01-05t10:20z",
    "Item 5",
    "version 1.2.3",
    "12",
    "",
    "-1 BC",
    "1e3",
  ])("the text %j is parsed to the same date as in Node", (text) => {
    expect(parseDateText(text)).toBe(Date.parse(text));
  });

  test("generated texts are parsed to the same dates as in Node", () => {
    const next = randomOf(7);
    const texts = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 1 + Math.floor(next() * 5) }, () => parts[Math.floor(next() * parts.length)]).join(
        next() < 0.3 ? " " : "",
      ),
    );
    const differing = texts.filter((text) => !Object.is(parseDateText(text), Date.parse(text)));
    expect(differing).toEqual([]);
    expect(texts.filter((text) => !Number.isNaN(Date.parse(text))).length).toBeGreaterThan(2000);
  });
});
