"""`zoneinfo`, whose data is in the engine."""

import io

from _duranium_boot import archived


def _load(key):
    try:
        return io.BytesIO(archived(f"tzdata/{key}"))
    except KeyError:
        from zoneinfo import ZoneInfoNotFoundError

        raise ZoneInfoNotFoundError(f"No time zone found with key {key}") from None


def _available():
    return set(archived("tzdata/zones").decode().split())


def install():
    # It asks the configuration of the build for a path, which a stand-in has by now.
    import zoneinfo
    from zoneinfo import _common, _tzpath

    _common.load_tzdata = _load
    _tzpath.available_timezones = zoneinfo.available_timezones = _available
    zoneinfo.reset_tzpath(to=())
