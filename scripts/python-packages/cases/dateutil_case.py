from datetime import datetime, timezone

from dateutil import parser, relativedelta, rrule, tz


async def run(_ctx, _payload):
    start = datetime(2026, 1, 31, 9, 30)
    berlin = datetime(2026, 7, 1, 12, tzinfo=timezone.utc).astimezone(tz.gettz("Europe/Berlin"))
    rule = rrule.rrule(rrule.MONTHLY, count=3, bymonthday=-1, dtstart=start)
    return [
        parser.parse("31 Jan 2026 3:04pm +0200").isoformat(),
        (start + relativedelta.relativedelta(months=1)).isoformat(),
        [each.isoformat() for each in rule],
        berlin.isoformat(),
    ]
