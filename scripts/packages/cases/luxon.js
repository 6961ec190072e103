import { DateTime, Duration, Interval } from "luxon";
export function run() {
  const time = DateTime.fromISO("2026-03-29T01:30", { zone: "Europe/Berlin" });
  return [
    time.plus({ hours: 1 }).toISO(),
    time.setZone("America/New_York").toFormat("yyyy LLL dd HH:mm ZZZZ"),
    Duration.fromISO("PT90M").shiftTo("hours", "minutes").toObject(),
    Interval.fromDateTimes(time, time.plus({ days: 3 })).count("days"),
    time.setLocale("de").toLocaleString(DateTime.DATE_FULL),
  ];
}
