import ICAL from "ical.js";
export function run() {
  const component = new ICAL.Component(
    ICAL.parse(
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260102T100000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:S\r\nEND:VEVENT\r\nEND:VCALENDAR",
    ),
  );
  const event = new ICAL.Event(component.getFirstSubcomponent("vevent"));
  const iterator = event.iterator();
  return [event.summary, iterator.next().toString(), iterator.next().toString()];
}
