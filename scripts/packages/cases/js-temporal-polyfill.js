import { Temporal } from "@js-temporal/polyfill";
export function run() {
  const zoned = Temporal.ZonedDateTime.from("2026-03-29T01:30:00+01:00[Europe/Berlin]");
  return [
    zoned.add({ hours: 1 }).toString(),
    Temporal.PlainDate.from("2026-01-31").add({ months: 1 }).toString(),
  ];
}
