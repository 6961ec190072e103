import ical from "ical-generator";
export function run() {
  const calendar = ical({ name: "C" });
  calendar.createEvent({
    id: "1",
    start: new Date(0),
    end: new Date(3600000),
    stamp: new Date(0),
    summary: "S",
    timezone: "UTC",
  });
  return calendar.toString();
}
