import moment from "moment";
export function run() {
  return [
    moment.utc("2026-01-31").add(1, "month").format("LLLL"),
    moment.duration(90, "minutes").humanize(),
    moment("20260102", "YYYYMMDD").isValid(),
  ];
}
