"""Durations and instants as authors write them."""

import math
import re
from datetime import datetime, timedelta, timezone

from _duranium_guest.core.loop import MAX_WAIT_MS, whole_ms

_units = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_short = re.compile(r"(?:\d{1,15}(?:\.\d{1,9})?\s?(?:ms|[smhdw])\s?)+").fullmatch
# ISO 8601 prefers the comma as the decimal sign, so both are allowed. Years and months have no fixed length.
_iso = re.compile(r"P(?=.)(?:\d+(?:[.,]\d+)?[WD])*(?:T(?=.)(?:\d+(?:[.,]\d+)?[HMS])+)?").fullmatch
_parts = re.compile(r"(\d+(?:\.\d+)?)\s?(ms|[smhdw])").findall

_forms = 'use seconds, a timedelta, or text like "250ms", "30s", "5m", "1h30m", "2d", "1w", "PT5M"'


def duration_ms(duration) -> int:
    """Whole milliseconds, rounded up, of seconds, a timedelta or a text.

    Raises TypeError if it is none of these, ValueError if it is malformed, negative or longer than 366 days.
    """
    ms = _ms(duration)
    if ms < 0:
        raise ValueError(f"Cannot wait for {duration!r}: a duration is not negative")
    if ms > MAX_WAIT_MS:
        raise ValueError(f"Cannot wait for {duration!r}: at most 366 days are possible")
    return ms


def _ms(duration):
    if isinstance(duration, timedelta):
        return -(-duration // timedelta(milliseconds=1)) if duration < timedelta(0) else math.ceil(duration / _millisecond)
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        if duration != duration:
            raise ValueError(f"{duration} is no duration: {_forms}")
        return whole_ms(max(min(duration, MAX_WAIT_MS), -1))
    if not isinstance(duration, str):
        raise TypeError(f"A value of type {type(duration).__name__} is no duration: {_forms}")
    text = duration.strip()
    if len(text) <= 100:
        if _short(text):
            return _sum(text)
        if _iso(text):
            return _sum(text[1:].replace("T", "").replace(",", ".").lower())
    raise ValueError(f"{duration[:100]!r} is no duration: {_forms}")


_millisecond = timedelta(milliseconds=1)


def _sum(text):
    return math.ceil(round(sum(float(amount) * _units[unit] for amount, unit in _parts(text)), 6))


def instant_ms(instant) -> int:
    """Milliseconds since the epoch of a datetime (UTC unless it has a time zone), an ISO 8601 text or a timestamp in seconds."""
    if isinstance(instant, str):
        try:
            instant = datetime.fromisoformat(instant)
        except ValueError:
            raise ValueError(f"{instant[:100]!r} is no time: use RFC 3339 such as 2026-12-24T18:00:00Z") from None
    if isinstance(instant, datetime):
        aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=timezone.utc)
        return math.ceil((aware - _epoch) / _millisecond)
    if isinstance(instant, (int, float)) and not isinstance(instant, bool) and math.isfinite(instant):
        return whole_ms(instant)
    raise TypeError(f"A value of type {type(instant).__name__} is no time: use a datetime or RFC 3339 text")


_epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
