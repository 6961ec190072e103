import ical from "node-ical";
export function run() {
  const events = ical.sync.parseICS(
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260102T100000Z\r\nSUMMARY:S\r\nEND:VEVENT\r\nEND:VCALENDAR",
  );
  return Object.values(events).map(({ type, summary, start }) => [type, summary, start]);
}
