import { formatInTimeZone, fromZonedTime, toZonedTime } from "date-fns-tz";
export function run() {
  const date = new Date("2026-07-01T10:00:00Z");
  return [
    formatInTimeZone(date, "America/New_York", "yyyy-MM-dd HH:mm zzz"),
    fromZonedTime("2026-03-29 03:30", "Europe/Berlin").toISOString(),
    toZonedTime(date, "Asia/Kolkata").getHours(),
  ];
}
