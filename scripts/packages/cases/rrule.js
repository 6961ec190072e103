import * as all from "rrule";

const { RRule, rrulestr } = all.default ?? all;
export function run() {
  const rule = new RRule({
    freq: RRule.WEEKLY,
    byweekday: [RRule.MO, RRule.FR],
    dtstart: new Date(Date.UTC(2026, 0, 1)),
    count: 4,
  });
  return [rule.all(), rule.toText(), rrulestr("DTSTART:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2").all()];
}
