import { CronExpressionParser } from "cron-parser";
export function run() {
  const interval = CronExpressionParser.parse("*/15 9-10 * * 1-5", {
    currentDate: "2026-01-02T08:00:00Z",
    tz: "Europe/Berlin",
  });
  return [interval.next().toISOString(), interval.next().toISOString()];
}
