import { Temporal } from "temporal-polyfill";
export function run() {
  const time = Temporal.ZonedDateTime.from("2026-03-29T01:30[Europe/Berlin]");
  return [
    time.add({ hours: 1 }).toString(),
    Temporal.PlainDate.from("2026-01-31").add({ months: 1 }).toString(),
  ];
}
