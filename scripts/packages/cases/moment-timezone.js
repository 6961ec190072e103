import moment from "moment-timezone";
export function run() {
  return [
    moment.tz("2026-07-01 12:00", "America/New_York").utc().format(),
    moment.tz("2026-07-01T00:00Z", "Asia/Tokyo").format("z HH"),
  ];
}
