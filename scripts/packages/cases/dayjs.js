import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone.js";
import utc from "dayjs/plugin/utc.js";
import relativeTime from "dayjs/plugin/relativeTime.js";
dayjs.extend(utc);
dayjs.extend(timezone);
dayjs.extend(relativeTime);
export function run() {
  return [
    dayjs.utc("2026-01-31").add(1, "month").format("YYYY-MM-DD dddd"),
    dayjs.tz("2026-07-01 12:00", "America/New_York").toISOString(),
    dayjs("2026-01-01").from(dayjs("2026-03-01")),
  ];
}
