"""The options `timeout` and `retry` of `fetch`. They are validated here, so that an invalid one is an error of its line."""

from _duranium_guest.core.duration import duration_ms

MAX_TIMEOUT_MS = 60_000
MAX_RETRIES = 20
MAX_LISTED = 100

_defaults = {
    "limit": 2,
    "methods": ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"],
    "statusCodes": [408, 413, 429, 500, 502, 503, 504],
    "afterStatusCodes": [413, 429, 503],
    "delay": 1_000,
    "jitter": False,
    "retryOnTimeout": False,
}


def timeout_option(timeout) -> dict:
    """The host's `timeout`. Empty if none is set, or a longer one than the limit: packages often pass theirs on."""
    if timeout is None or timeout is False:
        return {}
    ms = duration_ms(timeout)
    if ms == 0:
        raise ValueError("timeout is longer than 0 seconds, or None")
    return {"timeout": ms} if ms < MAX_TIMEOUT_MS else {}


def retry_option(retry) -> dict:
    """The host's `retry`: of a number of retries, True, or a dict of options. Empty if the fetch is not retried."""
    if retry is None or retry is False or (type(retry) is int and retry == 0):
        return {}
    given = {} if retry is True else {"limit": retry} if isinstance(retry, int) else retry
    if not isinstance(given, dict):
        raise TypeError(f"retry is a number or a dict of options, not {type(retry).__name__}")
    options = dict(_defaults)
    for name, value in given.items():
        if name not in _readers:
            raise TypeError(f"retry[{name!r}] is not supported: there are {', '.join(_readers)}")
        key, read = _readers[name]
        if value is not None:
            options[key] = read(value, f"retry[{name!r}]")
    return {} if options["limit"] == 0 else {"retry": options}


def _limit(value, name):
    if type(value) is int and 0 <= value <= MAX_RETRIES:
        return value
    raise ValueError(f"{name} is a whole number from 0 to {MAX_RETRIES} (maxFetchRetries), not {value!r}")


def _methods(value, name):
    return [method.upper() for method in _list(value, str, f"{name} is a list of HTTP methods")]


def _statuses(value, name):
    return _list(value, int, f"{name} is a list of HTTP statuses")


def _list(value, kind, expected):
    items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [None]
    if len(items) > MAX_LISTED or not all(isinstance(item, kind) for item in items):
        raise TypeError(f"{expected}, {MAX_LISTED} at most")
    return sorted(items) if isinstance(value, (set, frozenset)) else items


def _duration(value, name):
    return duration_ms(value)


def _boolean(value, name):
    if isinstance(value, bool):
        return value
    raise TypeError(f"{name} is True or False, not {value!r}")


_readers = {
    "limit": ("limit", _limit),
    "methods": ("methods", _methods),
    "status_codes": ("statusCodes", _statuses),
    "after_status_codes": ("afterStatusCodes", _statuses),
    "delay": ("delay", _duration),
    "backoff_limit": ("backoffLimit", _duration),
    "max_retry_after": ("maxRetryAfter", _duration),
    "jitter": ("jitter", _boolean),
    "retry_on_timeout": ("retryOnTimeout", _boolean),
}
