/// <reference lib="esnext.temporal" />
import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { findTimeZone } from "../../src/guest/platform/intl/date/time-zone.ts";
import { intlIndex, useIntlData } from "../../src/guest/platform/intl/locale/data.ts";

const data = new URL("../../src/guest/platform/intl/data/intl.br", import.meta.url);
beforeAll(() => {
  const bytes = brotliDecompressSync(readFileSync(data));
  useIntlData((offset, length) => bytes.subarray(offset, offset + length).toString());
});

/** As far as the tables and the rules after them are compared. */
const [from, until] = [Date.UTC(1800, 0, 1), Date.UTC(2139, 0, 1)];

const inZone = (timeMs: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zone);

/** When its clocks change, in milliseconds. */
function changesOf(zone: string): number[] {
  const changes: number[] = [];
  for (let at = inZone(from, zone).getTimeZoneTransition("next"); at !== null;) {
    if (at.epochMilliseconds > until) break;
    changes.push(at.epochMilliseconds);
    at = at.getTimeZoneTransition("next");
  }
  return changes;
}

test("the clocks of each time zone change when they do in Node", () => {
  const differing: string[] = [];
  let count = 0;
  for (const zone of intlIndex().zones) {
    for (const time of changesOf(zone)) {
      count += 1;
      for (const at of [time - 1_000, time]) {
        const offset = findTimeZone(zone).offsetAt(at);
        if (offset !== inZone(at, zone).offsetNanoseconds / 1e6) differing.push(`${zone} ${at} ${offset}`);
      }
    }
  }
  expect(differing).toEqual([]);
  expect(count).toBeGreaterThan(50_000);
});
